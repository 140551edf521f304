import { Field } from "@/components/Field";

interface EmailFieldProps {
  error: string | undefined;
  defaultValue?: string | undefined;
  /** Called with what is typed so far. */
  onType?: (email: string) => void;
}

export function EmailField({ error, defaultValue, onType }: EmailFieldProps) {
  return (
    <Field
      label="E-mail address"
      name="email"
      type="email"
      autoComplete="username"
      required
      data-required-message="Enter your e-mail address."
      defaultValue={defaultValue}
      onInput={({ currentTarget }) => onType?.(currentTarget.value)}
      error={error}
    />
  );
}
