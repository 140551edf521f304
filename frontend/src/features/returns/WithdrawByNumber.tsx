import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { Panel } from "@/components/Panel";
import { useForm } from "@/components/useForm";
import { EmailField } from "@/features/auth/EmailField";
import { type Declaration, WithdrawalSteps } from "@/features/returns/WithdrawalSteps";

/** The two steps without signing in: the order's number and the e-mail address are enough. */
export function WithdrawByNumber() {
  return <WithdrawalSteps isKnown={false}>{(declare) => <NumberForm declare={declare} />}</WithdrawalSteps>;
}

function NumberForm({ declare }: { declare: (declaration: Declaration) => Promise<void> }) {
  const { errors, busy, form } = useForm(({ orderId = "", email = "" }) =>
    declare({
      request: { orderId, email },
      summary: (
        <p>
          You withdraw from all that is left of order <span className="font-semibold">{orderId}</span>.
        </p>
      ),
    }),
  );
  return (
    <Panel title="First step: your order">
      <form {...form} className="max-w-md space-y-5">
        <Field
          label="Order number"
          name="orderId"
          autoComplete="off"
          autoCapitalize="characters"
          required
          data-required-message="Enter the number of your order."
          hint="Ten signs; it is in every e-mail about your order."
          error={errors.orderId}
        />
        <EmailField error={errors.email} />
        <FormError text={errors[""]} />
        <Button type="submit" busy={busy}>
          Go on
        </Button>
      </form>
      <p className="mt-6 text-small text-muted">To withdraw from some things only, use the link in an e-mail about your order.</p>
    </Panel>
  );
}
