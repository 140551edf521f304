import { type TextareaHTMLAttributes, useId } from "react";

interface TextAreaFieldProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id" | "className"> {
  label: string;
  hint?: string;
  error?: string | undefined;
}

/** Several lines of text, otherwise like `Field`. */
export function TextAreaField({ label, hint, error, rows = 4, ...rest }: TextAreaFieldProps) {
  const id = useId();
  const describedBy = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-semibold">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="mb-1 text-small text-muted">
          {hint}
        </p>
      )}
      <textarea
        {...rest}
        id={id}
        rows={rows}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy}
        className={`block w-full rounded-control border bg-sheet px-3 py-2 text-ink placeholder:text-muted ${error ? "border-danger" : "border-edge"}`}
      />
      <div role="alert">
        {error && (
          <p id={`${id}-error`} className="mt-1 text-small font-semibold text-danger">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
