import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, useId } from "react";

import { Icon } from "@/components/Icon";

const CONTROL_CLASSES =
  "block min-h-11 w-full rounded-control border bg-sheet px-3 py-2 text-ink placeholder:text-muted disabled:bg-sunken disabled:text-muted";

interface FieldBaseProps {
  label: string;
  /** Help text; always visible, unlike a placeholder. */
  hint?: ReactNode;
  /** Announced when it appears. */
  error?: string | undefined;
}

function useFieldIds({ hint, error }: FieldBaseProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [hint ? hintId : "", error ? errorId : ""].filter(Boolean).join(" ") || undefined;
  return { id, hintId, errorId, describedBy };
}

function FieldLayout({ label, hint, error, ids, children }: FieldBaseProps & { ids: ReturnType<typeof useFieldIds>; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={ids.id} className="mb-1 block font-semibold">
        {label}
      </label>
      {hint && (
        <p id={ids.hintId} className="mb-1 text-small text-muted">
          {hint}
        </p>
      )}
      {children}
      <div role="alert">
        {error && (
          <p id={ids.errorId} className="mt-1 flex items-start gap-1.5 text-small font-semibold text-danger">
            <Icon name="warning" className="mt-0.5 size-4" />
            {error}
          </p>
        )}
      </div>
    </div>
  );
}

type FieldProps = FieldBaseProps & Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "className">;

export function Field({ label, hint, error, ...rest }: FieldProps) {
  const ids = useFieldIds({ label, hint, error });
  return (
    <FieldLayout label={label} hint={hint} error={error} ids={ids}>
      <input
        {...rest}
        id={ids.id}
        aria-invalid={error ? true : undefined}
        aria-describedby={ids.describedBy}
        className={`${CONTROL_CLASSES} ${error ? "border-danger" : "border-edge"}`}
      />
    </FieldLayout>
  );
}

type SelectFieldProps = FieldBaseProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "className">;

export function SelectField({ label, hint, error, ...rest }: SelectFieldProps) {
  const ids = useFieldIds({ label, hint, error });
  return (
    <FieldLayout label={label} hint={hint} error={error} ids={ids}>
      <select
        {...rest}
        id={ids.id}
        aria-invalid={error ? true : undefined}
        aria-describedby={ids.describedBy}
        className={`${CONTROL_CLASSES} ${error ? "border-danger" : "border-edge"}`}
      />
    </FieldLayout>
  );
}

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "className" | "type"> {
  label: ReactNode;
}

export function Checkbox({ label, ...rest }: CheckboxProps) {
  return (
    <label className="flex min-h-9 items-center gap-2.5">
      <input {...rest} type="checkbox" className="size-4.5 shrink-0" />
      <span className="min-w-0">{label}</span>
    </label>
  );
}
