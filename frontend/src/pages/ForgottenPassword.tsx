import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { useForm } from "@/components/form";
import { FormFault } from "@/components/FormFault";
import { AuthFrame } from "@/features/auth/AuthFrame";
import { CodeField, Resend } from "@/features/auth/CodeForm";
import { EmailField } from "@/features/auth/EmailField";
import { faultsOfCognito } from "@/features/auth/faults";
import { PasswordField } from "@/features/auth/PasswordField";
import { choosePassword, forgetPassword, signIn } from "@/features/auth/session";

export function Component() {
  const { search, state } = useLocation() as Location<{ email?: string; choosing?: string } | null>;
  const { email, choosing } = state ?? {};
  const footer = (
    <p>
      <Link to={`/sign-in${search}`} className="link font-semibold">
        Back to sign in
      </Link>
    </p>
  );
  if (choosing) {
    return (
      <AuthFrame
        key="choose"
        title="Choose a new password"
        intro={
          <>
            If there is an account for <strong className="text-ink">{choosing}</strong>, a code is on its way there.
          </>
        }
        footer={footer}
      >
        <ChooseForm email={choosing} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame key="ask" title="Forgotten password" intro="We send you a code by which you choose a new one." footer={footer}>
      <AskForm email={email} />
    </AuthFrame>
  );
}

function AskForm({ email: known }: { email: string | undefined }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { faults, busy, form } = useForm(async ({ email = "" }) => {
    await forgetPassword(email);
    await navigate({ search }, { state: { choosing: email } });
  }, faultsOfCognito);
  return (
    <form {...form} className="space-y-5">
      <EmailField defaultValue={known} error={faults.email} />
      <FormFault text={faults[""]} />
      <Button type="submit" wide busy={busy}>
        Send a code
      </Button>
    </form>
  );
}

function ChooseForm({ email }: { email: string }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { faults, busy, form } = useForm(async ({ code = "", password = "" }) => {
    await choosePassword(email, code.trim(), password);
    try {
      await signIn(email, password);
    } catch {
      const notice = "Your password is changed. Sign in with it.";
      await navigate(`/sign-in${search}`, { replace: true, state: { email, notice } });
    }
  }, faultsOfCognito);
  return (
    <form {...form} className="space-y-5">
      <CodeField error={faults.code} />
      <PasswordField chosen error={faults.password} />
      <FormFault text={faults[""]} />
      <Button type="submit" wide busy={busy}>
        Change the password
      </Button>
      <Resend resend={() => forgetPassword(email)} />
    </form>
  );
}
