import { type ReactNode, useState } from "react";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";

interface ConfirmDialogProps {
  open: boolean;
  /** A question, such as "Archive this product?" */
  title: string;
  /** What follows from it, and whether it can be undone. */
  children: ReactNode;
  /** What the button does, such as "Archive". */
  action: string;
  /** It cannot be undone, or takes something away. */
  danger?: boolean;
  /** Does it. The dialog shows an error, and closes once it is done. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something is done that others notice. Runs it once, whatever is clicked meanwhile. */
export function ConfirmDialog({ open, title, children, action, danger = false, onConfirm, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  function close(): void {
    setError(undefined);
    onClose();
  }

  async function confirm(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (raised) {
      setError(raised);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open={open}
      title={title}
      onClose={close}
      footer={
        <div className="flex justify-end gap-2">
          <Button variant="secondary" onClick={close}>
            Keep it as it is
          </Button>
          <Button className={danger ? "danger" : ""} busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </div>
      }
    >
      <div className="space-y-3">
        {children}
        {error !== undefined && <Alert tone="error">{getErrorMessage(error)}</Alert>}
      </div>
    </Dialog>
  );
}
