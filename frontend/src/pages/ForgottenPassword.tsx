import { useState } from "react";
import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { AuthLayout } from "@/features/auth/AuthLayout";
import { CodeField, ResendCode } from "@/features/auth/CodeForm";
import { getCognitoFormErrors } from "@/features/auth/cognitoErrors";
import { EmailField } from "@/features/auth/EmailField";
import { PasswordField } from "@/features/auth/PasswordField";
import { confirmPasswordReset, requestPasswordReset, signIn } from "@/features/auth/session";

export function Component() {
  const { search, state } = useLocation() as Location<{ email?: string; choosing?: string } | null>;
  const { email, choosing } = state ?? {};
  const [typedEmail, setTypedEmail] = useState(choosing ?? email);
  const footer = (
    <p>
      <Link to={`/sign-in${search}`} state={{ email: typedEmail }} className="link font-semibold">
        Back to sign in
      </Link>
    </p>
  );
  if (choosing) {
    return (
      <AuthLayout
        key="choose"
        title="Choose a new password"
        intro={
          <>
            If there is an account for <strong className="text-ink">{choosing}</strong>, a code is on its way there.
          </>
        }
        footer={footer}
      >
        <NewPasswordForm email={choosing} />
      </AuthLayout>
    );
  }
  return (
    <AuthLayout key="ask" title="Forgotten password" intro="We send you a code by which you choose a new one." footer={footer}>
      <RequestCodeForm email={email} onType={setTypedEmail} />
    </AuthLayout>
  );
}

interface RequestCodeFormProps {
  email: string | undefined;
  onType: (email: string) => void;
}

function RequestCodeForm({ email: defaultEmail, onType }: RequestCodeFormProps) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { errors, busy, form } = useForm(async ({ email = "" }) => {
    await requestPasswordReset(email);
    await navigate({ search }, { state: { choosing: email } });
  }, getCognitoFormErrors);
  return (
    <form {...form} className="space-y-5">
      <EmailField defaultValue={defaultEmail} onType={onType} error={errors.email} />
      <FormError text={errors[""]} />
      <Button type="submit" fullWidth busy={busy}>
        Send a code
      </Button>
    </form>
  );
}

function NewPasswordForm({ email }: { email: string }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { errors, busy, form } = useForm(async ({ code = "", password = "" }) => {
    await confirmPasswordReset(email, code.trim(), password);
    try {
      await signIn(email, password);
    } catch {
      const notice = "Your password is changed. Sign in with it.";
      await navigate(`/sign-in${search}`, { replace: true, state: { email, notice } });
    }
  }, getCognitoFormErrors);
  return (
    <form {...form} className="space-y-5">
      <CodeField error={errors.code} />
      <PasswordField isNew error={errors.password} />
      <FormError text={errors[""]} />
      <Button type="submit" fullWidth busy={busy}>
        Change the password
      </Button>
      <ResendCode onResend={() => requestPasswordReset(email)} />
    </form>
  );
}
