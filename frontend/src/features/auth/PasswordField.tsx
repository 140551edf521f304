import { useState } from "react";

import { Checkbox, Field } from "@/components/Field";

interface PasswordFieldProps {
  /** The password is being chosen, not entered to sign in. */
  isNew?: boolean;
  error: string | undefined;
}

export function PasswordField({ isNew = false, error }: PasswordFieldProps) {
  const [isVisible, setVisible] = useState(false);
  return (
    <div>
      <Field
        label={isNew ? "New password" : "Password"}
        name="password"
        type={isVisible ? "text" : "password"}
        autoComplete={isNew ? "new-password" : "current-password"}
        autoCapitalize="none"
        spellCheck="false"
        required
        data-required-message={isNew ? "Choose a password." : "Enter your password."}
        hint={isNew ? "Eight characters or more, with lower and upper case and a digit." : undefined}
        error={error}
      />
      <div className="mt-1 text-small">
        <Checkbox label="Show the password" checked={isVisible} onChange={(event) => setVisible(event.target.checked)} />
      </div>
    </div>
  );
}
