import { type InputEvent, type RefObject, type SubmitEvent, useLayoutEffect, useRef, useState } from "react";

import { getErrorMessage, getFieldErrors } from "@/api/problem";

/** Error messages by field name; those of the form as a whole have the name `""`. */
export type FormErrors = Readonly<Record<string, string>>;

export type FormValues = Readonly<Record<string, string>>;

interface FormState {
  errors: FormErrors;
  busy: boolean;
  /** Props of the `<form>`. */
  form: {
    ref: RefObject<HTMLFormElement | null>;
    noValidate: true;
    onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
    onInput: (event: InputEvent<HTMLFormElement>) => void;
  };
}

/**
 * Validates a form and sends it, one submission at a time. Shows validation errors, and errors that `send` throws, at
 * their fields, and focuses the first of them. The message of a field goes away once the field is edited.
 */
export function useForm(
  send: (values: FormValues) => Promise<void>,
  toFormErrors: (error: unknown) => FormErrors = toProblemErrors,
): FormState {
  const ref = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<FormErrors>({});
  const [busy, setBusy] = useState(false);
  const isFocusDue = useRef(false);

  useLayoutEffect(() => {
    if (!isFocusDue.current) return;
    isFocusDue.current = false;
    const form = ref.current;
    const firstInvalid = form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>("[data-form-error]");
    firstInvalid?.focus();
  }, [errors]);

  function showErrors(shown: FormErrors): void {
    isFocusDue.current = Object.keys(shown).length > 0;
    setErrors(shown);
  }

  async function submit(form: HTMLFormElement): Promise<void> {
    const invalid = validate(form);
    showErrors(invalid);
    if (Object.keys(invalid).length > 0) return;
    setBusy(true);
    try {
      await send(readFormValues(form));
    } catch (error) {
      showErrors(assignToFields(toFormErrors(error), form));
    } finally {
      setBusy(false);
    }
  }

  return {
    errors,
    busy,
    form: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      },
      onInput: ({ target }) => {
        const { name } = target as HTMLInputElement;
        if (errors[name]) setErrors(Object.fromEntries(Object.entries(errors).filter(([field]) => field !== name)));
      },
    },
  };
}

export function readFormValues(form: HTMLFormElement): FormValues {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : value.name]));
}

/** Returns the browser's validation messages; for empty fields the field's own `data-required-message`. */
function validate(form: HTMLFormElement): FormErrors {
  const fields = [...form.elements].filter((field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement);
  return Object.fromEntries(
    fields
      .filter((field) => !field.validity.valid)
      .map((field) => [field.name, (field.validity.valueMissing ? field.dataset.requiredMessage : undefined) ?? field.validationMessage]),
  );
}

/** Assigns errors of fields that the form does not have to the form as a whole. */
function assignToFields(errors: FormErrors, form: HTMLFormElement): FormErrors {
  return Object.fromEntries(Object.entries(errors).map(([name, message]) => [name in form.elements ? name : "", message]));
}

function toProblemErrors(error: unknown): FormErrors {
  const fields = getFieldErrors(error);
  return Object.keys(fields).length > 0 ? fields : { "": getErrorMessage(error) };
}
