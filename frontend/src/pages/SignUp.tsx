import { useRef } from "react";
import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { useForm } from "@/components/form";
import { AuthFrame } from "@/features/auth/AuthFrame";
import { CodeForm } from "@/features/auth/CodeForm";
import { EmailField } from "@/features/auth/EmailField";
import { FormFault } from "@/components/FormFault";
import { faultsOfCognito } from "@/features/auth/faults";
import { PasswordField } from "@/features/auth/PasswordField";
import { confirmAddress, sendCodeAgain, signIn, signUp } from "@/features/auth/session";

export function Component() {
  const navigate = useNavigate();
  const { search, state } = useLocation() as Location<{ confirming?: string } | null>;
  // Which address waits for its code is kept with the page, so that a reload does not lose it. The password is not.
  const confirming = state?.confirming;
  const password = useRef("");

  const { faults, busy, form } = useForm(async (values) => {
    const { email = "", name = "" } = values;
    password.current = values.password ?? "";
    await signUp(email, password.current, name.trim());
    await navigate({ search }, { state: { confirming: email } });
  }, faultsOfCognito);

  async function confirmed(email: string, code: string): Promise<void> {
    await confirmAddress(email, code);
    try {
      await signIn(email, password.current);
    } catch {
      // After a reload the password is not known here any more.
      const notice = "Your address is confirmed. Sign in to go on.";
      await navigate(`/sign-in${search}`, { replace: true, state: { email, notice } });
    }
  }

  if (confirming) {
    return (
      <AuthFrame
        key="code"
        title="Confirm your address"
        intro={
          <>
            We have sent a code to <strong className="text-ink">{confirming}</strong>. It may take a minute to arrive.
          </>
        }
        footer={
          <p>
            Not your address?{" "}
            <Link to={{ search }} className="link font-semibold">
              Enter another one
            </Link>
          </p>
        }
      >
        <CodeForm onCode={(code) => confirmed(confirming, code)} resend={() => sendCodeAgain(confirming)} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      key="account"
      title="Make an account"
      intro="To order, to see where your orders are, and to keep your cart on all your devices."
      footer={
        <p>
          You have one already?{" "}
          <Link to={`/sign-in${search}`} className="link font-semibold">
            Sign in
          </Link>
        </p>
      }
    >
      <form {...form} className="space-y-5">
        <Field label="Name" name="name" autoComplete="name" maxLength={100} required data-missing="Enter your name." error={faults.name} />
        <EmailField error={faults.email} />
        <PasswordField chosen error={faults.password} />
        <FormFault text={faults[""]} />
        <Button type="submit" wide busy={busy}>
          Make an account
        </Button>
      </form>
    </AuthFrame>
  );
}
