import { useRef, useState } from "react";
import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { AuthLayout } from "@/features/auth/AuthLayout";
import { CodeForm } from "@/features/auth/CodeForm";
import { getCognitoFormErrors } from "@/features/auth/cognitoErrors";
import { EmailField } from "@/features/auth/EmailField";
import { PasswordField } from "@/features/auth/PasswordField";
import { confirmEmail, resendCode, signIn, signUp } from "@/features/auth/session";

export function Component() {
  const navigate = useNavigate();
  const { search, state } = useLocation() as Location<{ email?: string; confirming?: string } | null>;
  // The unconfirmed address is in the state of the page and survives a reload. The password does not.
  const confirming = state?.confirming;
  const password = useRef("");
  const [typedEmail, setTypedEmail] = useState(state?.email);

  const { errors, busy, form } = useForm(async (values) => {
    const { email = "", name = "" } = values;
    password.current = values.password ?? "";
    await signUp(email, password.current, name.trim());
    await navigate({ search }, { state: { confirming: email } });
  }, getCognitoFormErrors);

  async function confirm(email: string, code: string): Promise<void> {
    await confirmEmail(email, code);
    try {
      await signIn(email, password.current);
    } catch {
      // After a reload the password is no longer known.
      const notice = "Your address is confirmed. Sign in to go on.";
      await navigate(`/sign-in${search}`, { replace: true, state: { email, notice } });
    }
  }

  if (confirming) {
    return (
      <AuthLayout
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
        <CodeForm onSubmit={(code) => confirm(confirming, code)} onResend={() => resendCode(confirming)} />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      key="account"
      title="Make an account"
      intro="To order, to see where your orders are, and to keep your cart on all your devices."
      footer={
        <p>
          You have one already?{" "}
          <Link to={`/sign-in${search}`} state={{ email: typedEmail }} className="link font-semibold">
            Sign in
          </Link>
        </p>
      }
    >
      <form {...form} className="space-y-5">
        <Field label="Name" name="name" autoComplete="name" maxLength={100} required data-required-message="Enter your name." error={errors.name} />
        <EmailField defaultValue={state?.email} onType={setTypedEmail} error={errors.email} />
        <PasswordField isNew error={errors.password} />
        <FormError text={errors[""]} />
        <Button type="submit" fullWidth busy={busy}>
          Make an account
        </Button>
      </form>
    </AuthLayout>
  );
}
