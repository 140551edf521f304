import { useState } from "react";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { showToast } from "@/components/toast";
import { useCancelOrder } from "@/features/orders/queries";

/** Cancels an order of the shopper after a confirmation. */
export function CancelOrder({ orderId }: { orderId: string }) {
  return <CancelOrderDialog cancellation={useCancelOrder(orderId)} />;
}

interface Cancellation {
  mutateAsync: (order: undefined) => Promise<unknown>;
  isPending: boolean;
  error: Error | null;
  reset: () => void;
}

/** A button that cancels an order after a confirmation. */
export function CancelOrderDialog({ cancellation }: { cancellation: Cancellation }) {
  const [open, setOpen] = useState(false);
  const { mutateAsync, isPending, error, reset } = cancellation;

  function close(): void {
    setOpen(false);
    reset();
  }

  async function cancel(): Promise<void> {
    try {
      await mutateAsync(undefined);
    } catch {
      // The dialog shows it.
      return;
    }
    // Also where this is not shown any more: the page of a cancelled order may be faster than the answer.
    close();
    showToast("The order is cancelled.");
  }

  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Cancel this order
      </Button>
      <Dialog
        open={open}
        title="Cancel this order?"
        onClose={close}
        footer={
          <div className="flex flex-wrap gap-3">
            <Button busy={isPending} onClick={() => void cancel()}>
              Cancel the order
            </Button>
            <Button variant="secondary" onClick={close}>
              Keep it
            </Button>
          </div>
        }
      >
        <p>Nothing will be sent, and the whole amount goes back to the card that you paid with.</p>
        {error && (
          <div className="mt-4">
            <Alert tone="error">{getErrorMessage(error)}</Alert>
          </div>
        )}
      </Dialog>
    </>
  );
}
