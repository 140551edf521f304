import type { ReactNode } from "react";

import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { FormError } from "@/components/FormError";
import { type FormErrors, type FormValues, useForm } from "@/components/useForm";

interface FormDialogProps {
  open: boolean;
  title: string;
  /** What the button does, such as "Ship". */
  action: string;
  danger?: boolean;
  /** Sends the values of the fields by their names. Throw what the API answered: it is shown at its fields, or below them. */
  onSend: (values: FormValues) => Promise<void>;
  onClose: () => void;
  /** The fields. */
  children: (errors: FormErrors) => ReactNode;
}

/** A form in a dialog. It closes once it is sent, and keeps what was typed after an error. */
export function FormDialog({ open, title, onClose, ...form }: FormDialogProps) {
  return (
    <Dialog open={open} title={title} onClose={onClose}>
      <OpenForm onClose={onClose} {...form} />
    </Dialog>
  );
}

function OpenForm({ action, danger = false, onSend, onClose, children }: Omit<FormDialogProps, "open" | "title">) {
  const { errors, busy, form } = useForm(async (values) => {
    await onSend(values);
    onClose();
  });
  return (
    <form {...form} className="space-y-4">
      {children(errors)}
      <FormError text={errors[""]} />
      <div className="flex justify-end gap-2 pt-1">
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" className={danger ? "danger" : ""} busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
