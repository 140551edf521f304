/** A form that is sent: what is missing in it, what was refused, and where the shopper is led then. */
import { type SubmitEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

import { faultsByField, sentenceOf } from "@/api/problem";

/** What is wrong, by the name of the field; what concerns the whole form has the name `""`. */
export type Faults = Readonly<Record<string, string>>;

export type Values = Readonly<Record<string, string>>;

interface SentForm {
  faults: Faults;
  busy: boolean;
  /** To be spread over the `<form>`. */
  form: { ref: RefObject<HTMLFormElement | null>; noValidate: true; onSubmit: (event: SubmitEvent<HTMLFormElement>) => void };
}

/**
 * Send a form once at a time. Required fields that are empty, and faults that `send` throws, are told at their fields,
 * and the first of them is focused.
 */
export function useForm(
  send: (values: Values) => Promise<void>,
  faultsOf: (error: unknown) => Faults = faultsOfProblem,
): SentForm {
  const ref = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  useLayoutEffect(() => {
    const form = ref.current;
    const fault = form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>("[data-form-fault]");
    if (Object.keys(faults).length > 0) fault?.focus();
  }, [faults]);

  async function submit(form: HTMLFormElement): Promise<void> {
    const missing = missingIn(form);
    setFaults(missing);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      await send(valuesOf(form));
    } catch (error) {
      setFaults(placed(faultsOf(error), form));
    } finally {
      setBusy(false);
    }
  }

  return {
    faults,
    busy,
    form: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      },
    },
  };
}

export function valuesOf(form: HTMLFormElement): Values {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : value.name]));
}

/** The browser's own judgement, in the field's words (`data-missing`) where it is empty. */
function missingIn(form: HTMLFormElement): Faults {
  const fields = [...form.elements].filter((field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement);
  return Object.fromEntries(
    fields
      .filter((field) => !field.validity.valid)
      .map((field) => [field.name, (field.validity.valueMissing ? field.dataset.missing : undefined) ?? field.validationMessage]),
  );
}

/** Faults of fields that the form does not have concern the form. */
function placed(faults: Faults, form: HTMLFormElement): Faults {
  return Object.fromEntries(Object.entries(faults).map(([name, text]) => [name in form.elements ? name : "", text]));
}

export function faultsOfProblem(error: unknown): Faults {
  const fields = faultsByField(error);
  return Object.keys(fields).length > 0 ? fields : { "": sentenceOf(error) };
}
