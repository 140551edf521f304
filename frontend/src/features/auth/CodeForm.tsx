import { useEffect, useState } from "react";

import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { useForm } from "@/components/form";
import { FormFault } from "@/components/FormFault";
import { faultsOfCognito } from "@/features/auth/faults";
import { sentenceOfCognito } from "@/features/auth/sentences";

/** Between two requests for a code, so that a second click does not make the first code useless. */
const PAUSE_SECONDS = 30;

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
      data-missing="Enter the code that we sent you."
      error={error}
    />
  );
}

interface CodeFormProps {
  onCode: (code: string) => Promise<void>;
  resend: () => Promise<void>;
}

/** Confirms an address by the code that was sent there. */
export function CodeForm({ onCode, resend }: CodeFormProps) {
  const { faults, busy, form } = useForm(({ code = "" }) => onCode(code.trim()), faultsOfCognito);
  return (
    <form {...form} className="space-y-5">
      <CodeField error={faults.code} />
      <FormFault text={faults[""]} />
      <Button type="submit" wide busy={busy}>
        Confirm
      </Button>
      <Resend resend={resend} />
    </form>
  );
}

/** Asks for another code, and says that it was sent. */
export function Resend({ resend }: { resend: () => Promise<void> }) {
  const [pause, setPause] = useState(0);
  const [said, setSaid] = useState("");

  useEffect(() => {
    if (pause === 0) return;
    const timer = setTimeout(() => setPause(pause - 1), 1000);
    return () => clearTimeout(timer);
  }, [pause]);

  async function again(): Promise<void> {
    setPause(PAUSE_SECONDS);
    setSaid("");
    try {
      await resend();
      setSaid("A new code is on its way. The one before no longer counts.");
    } catch (error) {
      setPause(0);
      setSaid(sentenceOfCognito(error));
    }
  }

  return (
    <div>
      <Button look="plain" aria-disabled={pause > 0} onClick={() => pause === 0 && void again()}>
        Send a new code
      </Button>
      <p role="status" className="mt-1 min-h-6 text-small text-muted">
        {said}
      </p>
    </div>
  );
}
