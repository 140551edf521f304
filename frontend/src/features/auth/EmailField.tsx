import { Field } from "@/components/Field";

interface EmailFieldProps {
  error: string | undefined;
  defaultValue?: string | undefined;
}

export function EmailField({ error, defaultValue }: EmailFieldProps) {
  return (
    <Field
      label="E-mail address"
      name="email"
      type="email"
      autoComplete="username"
      required
      data-required-message="Enter your e-mail address."
      defaultValue={defaultValue}
      error={error}
    />
  );
}
