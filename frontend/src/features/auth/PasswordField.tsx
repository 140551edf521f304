import { useState } from "react";

import { CheckField, Field } from "@/components/Field";

interface PasswordFieldProps {
  /** One is chosen, instead of one being remembered. */
  chosen?: boolean;
  error: string | undefined;
}

export function PasswordField({ chosen = false, error }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Field
        label={chosen ? "New password" : "Password"}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete={chosen ? "new-password" : "current-password"}
        autoCapitalize="none"
        spellCheck="false"
        required
        data-missing={chosen ? "Choose a password." : "Enter your password."}
        hint={chosen ? "Eight characters or more, with lower and upper case and a digit." : undefined}
        error={error}
      />
      <div className="mt-1 text-small">
        <CheckField label="Show the password" checked={shown} onChange={(event) => setShown(event.target.checked)} />
      </div>
    </div>
  );
}
