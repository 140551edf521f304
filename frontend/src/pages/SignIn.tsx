import { useState } from "react";
import { Link, type Location, useLocation, useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { useForm } from "@/components/form";
import { FormFault } from "@/components/FormFault";
import { Notice } from "@/components/Notice";
import { AuthFrame } from "@/features/auth/AuthFrame";
import { CodeForm } from "@/features/auth/CodeForm";
import { EmailField } from "@/features/auth/EmailField";
import { faultsOfCognito } from "@/features/auth/faults";
import { PasswordField } from "@/features/auth/PasswordField";
import { confirmAddress, sendCodeAgain, signIn } from "@/features/auth/session";

/** What a page says to this one when it leads here; it outlives a reload. */
interface SignInState {
  email?: string;
  notice?: string;
}

export function Component() {
  const navigate = useNavigate();
  const { search, state } = useLocation() as Location<SignInState | null>;
  const { email: known, notice } = state ?? {};
  const [unconfirmed, setUnconfirmed] = useState<{ email: string; password: string }>();

  const { faults, busy, form } = useForm(async ({ email = "", password = "" }) => {
    const step = await signIn(email, password);
    if (step === "confirmAddress") {
      await sendCodeAgain(email);
      setUnconfirmed({ email, password });
    }
    if (step === "renewPassword") await navigate(`/forgotten-password${search}`, { state: { email } });
  }, faultsOfCognito);

  if (unconfirmed) {
    const { email, password } = unconfirmed;
    return (
      <AuthFrame
        title="Confirm your address"
        intro={
          <>
            We have sent a code to <strong className="text-ink">{email}</strong>. Enter it here to go on.
          </>
        }
      >
        <CodeForm
          onCode={async (code) => {
            await confirmAddress(email, code);
            await signIn(email, password);
          }}
          resend={() => sendCodeAgain(email)}
        />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title="Sign in"
      footer={
        <p>
          New here?{" "}
          <Link to={`/sign-up${search}`} className="link font-semibold">
            Make an account
          </Link>
        </p>
      }
    >
      <form {...form} className="space-y-5">
        {notice && <Notice>{notice}</Notice>}
        <EmailField defaultValue={known} error={faults.email} />
        <PasswordField error={faults.password} />
        <FormFault text={faults[""]} />
        <Button type="submit" wide busy={busy}>
          Sign in
        </Button>
        <p>
          <Link to={`/forgotten-password${search}`} className="link">
            Forgotten your password?
          </Link>
        </p>
      </form>
    </AuthFrame>
  );
}
