import { useEffect, useState } from "react";

import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { useForm } from "@/components/useForm";
import { getCognitoErrorMessage, getCognitoFormErrors } from "@/features/auth/cognitoErrors";

/** A new code invalidates the one before, so a second click must not request another at once. */
const RESEND_DELAY_SECONDS = 30;

interface CodeFieldProps {
  error: string | undefined;
}

export function CodeField({ error }: CodeFieldProps) {
  return (
    <Field
      label="Code from the e-mail"
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      data-required-message="Enter the code that we sent you."
      error={error}
    />
  );
}

interface CodeFormProps {
  onSubmit: (code: string) => Promise<void>;
  onResend: () => Promise<void>;
}

/** Confirms an e-mail address by the code that was sent to it. */
export function CodeForm({ onSubmit, onResend }: CodeFormProps) {
  const { errors, busy, form } = useForm(({ code = "" }) => onSubmit(code.trim()), getCognitoFormErrors);
  return (
    <form {...form} className="space-y-5">
      <CodeField error={errors.code} />
      <FormError text={errors[""]} />
      <Button type="submit" fullWidth busy={busy}>
        Confirm
      </Button>
      <ResendCode onResend={onResend} />
    </form>
  );
}

/** Requests another code and confirms that it was sent. */
export function ResendCode({ onResend }: { onResend: () => Promise<void> }) {
  const [secondsLeft, setSecondsLeft] = useState(0);
  const [message, setMessage] = useState("");

  useEffect(() => {
    if (secondsLeft === 0) return;
    const timer = setTimeout(() => setSecondsLeft(secondsLeft - 1), 1000);
    return () => clearTimeout(timer);
  }, [secondsLeft]);

  async function resend(): Promise<void> {
    setSecondsLeft(RESEND_DELAY_SECONDS);
    setMessage("");
    try {
      await onResend();
      setMessage("A new code is on its way. The one before no longer counts.");
    } catch (error) {
      setSecondsLeft(0);
      setMessage(getCognitoErrorMessage(error));
    }
  }

  return (
    <div>
      <Button variant="link" aria-disabled={secondsLeft > 0} onClick={() => secondsLeft === 0 && void resend()}>
        Send a new code
      </Button>
      <p role="status" className="mt-1 min-h-6 text-small text-muted">
        {message}
      </p>
    </div>
  );
}
