import { useState } from "react";

import { Button } from "@/components/Button";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { AuthLayout } from "@/features/auth/AuthLayout";
import { getCognitoFormErrors } from "@/features/auth/cognitoErrors";
import { EmailField } from "@/features/auth/EmailField";
import { FirstPasswordForm } from "@/features/auth/FirstPasswordForm";
import { PasswordField } from "@/features/auth/PasswordField";
import { signIn } from "@/features/auth/session";

/** The session is the shop's: who is signed in there is signed in here. */
export function Component() {
  const [isInvited, setInvited] = useState(false);
  const { errors, busy, form } = useForm(async ({ email = "", password = "" }) => {
    const step = await signIn(email, password);
    if (step === "choosePassword") setInvited(true);
    // The shop has the pages for what else there is to do.
    const rest = { confirmEmail: "/sign-in", resetPassword: "/forgotten-password" };
    if (step === "confirmEmail" || step === "resetPassword") window.location.assign(rest[step]);
  }, getCognitoFormErrors);

  if (isInvited) {
    return (
      <Frame title="Choose a password" intro="The one from your invitation was for the first time only.">
        <FirstPasswordForm />
      </Frame>
    );
  }
  return (
    <Frame title="Sign in to the console">
      <form {...form} className="space-y-5">
        <EmailField error={errors.email} />
        <PasswordField error={errors.password} />
        <FormError text={errors[""]} />
        <Button type="submit" fullWidth busy={busy}>
          Sign in
        </Button>
        <p>
          <a href="/forgotten-password" className="link">
            Forgotten your password?
          </a>
        </p>
      </form>
    </Frame>
  );
}

function Frame(props: React.ComponentProps<typeof AuthLayout>) {
  return (
    <main className="pt-[12vh]">
      <AuthLayout {...props} />
    </main>
  );
}
