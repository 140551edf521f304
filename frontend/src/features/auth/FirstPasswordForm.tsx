import { Button } from "@/components/Button";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { getCognitoFormErrors } from "@/features/auth/cognitoErrors";
import { PasswordField } from "@/features/auth/PasswordField";
import { chooseFirstPassword } from "@/features/auth/session";

/** Replaces the password of an invitation, while its sign-in waits for that. */
export function FirstPasswordForm() {
  const { errors, busy, form } = useForm(({ password = "" }) => chooseFirstPassword(password), getCognitoFormErrors);
  return (
    <form {...form} className="space-y-5">
      <PasswordField isNew error={errors.password} />
      <FormError text={errors[""]} />
      <Button type="submit" fullWidth busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
