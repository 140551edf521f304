import { useState } from "react";
import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { AuthLayout } from "@/features/auth/AuthLayout";
import { CodeForm } from "@/features/auth/CodeForm";
import { getCognitoFormErrors } from "@/features/auth/cognitoErrors";
import { EmailField } from "@/features/auth/EmailField";
import { FirstPasswordForm } from "@/features/auth/FirstPasswordForm";
import { PasswordField } from "@/features/auth/PasswordField";
import { confirmEmail, resendCode, signIn } from "@/features/auth/session";

/** The state of a navigation to this page. It survives a reload. */
interface SignInState {
  email?: string;
  notice?: string;
}

export function Component() {
  const navigate = useNavigate();
  const { search, state } = useLocation() as Location<SignInState | null>;
  const { email: defaultEmail, notice } = state ?? {};
  // Comes along to the other pages, where it is needed next.
  const [typedEmail, setTypedEmail] = useState(defaultEmail);
  const [isInvited, setInvited] = useState(false);
  const [unconfirmed, setUnconfirmed] = useState<{ email: string; password: string }>();

  const { errors, busy, form } = useForm(async ({ email = "", password = "" }) => {
    const step = await signIn(email, password);
    if (step === "confirmEmail") {
      await resendCode(email);
      setUnconfirmed({ email, password });
    }
    if (step === "choosePassword") setInvited(true);
    if (step === "resetPassword") await navigate(`/forgotten-password${search}`, { state: { email } });
  }, getCognitoFormErrors);

  if (isInvited) {
    return (
      <AuthLayout title="Choose a password" intro="The one from your invitation was for the first time only.">
        <FirstPasswordForm />
      </AuthLayout>
    );
  }
  if (unconfirmed) {
    const { email, password } = unconfirmed;
    return (
      <AuthLayout
        title="Confirm your address"
        intro={
          <>
            We have sent a code to <strong className="text-ink">{email}</strong>. Enter it here to go on.
          </>
        }
      >
        <CodeForm
          onSubmit={async (code) => {
            await confirmEmail(email, code);
            await signIn(email, password);
          }}
          onResend={() => resendCode(email)}
        />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      title="Sign in"
      footer={
        <p>
          New here?{" "}
          <Link to={`/sign-up${search}`} state={{ email: typedEmail }} className="link font-semibold">
            Make an account
          </Link>
        </p>
      }
    >
      <form {...form} className="space-y-5">
        {notice && <Alert>{notice}</Alert>}
        <EmailField defaultValue={defaultEmail} onType={setTypedEmail} error={errors.email} />
        <PasswordField error={errors.password} />
        <FormError text={errors[""]} />
        <Button type="submit" fullWidth busy={busy}>
          Sign in
        </Button>
        <p>
          <Link to={`/forgotten-password${search}`} state={{ email: typedEmail }} className="link">
            Forgotten your password?
          </Link>
        </p>
      </form>
    </AuthLayout>
  );
}
