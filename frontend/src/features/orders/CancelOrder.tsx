import { useState } from "react";

import { sentenceOf } from "@/api/problem";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Notice } from "@/components/Notice";
import { tell } from "@/components/toasts";
import { useCancellation } from "@/features/orders/queries";

/** Cancels an order, once the shopper has said so twice. */
export function CancelOrder({ orderId }: { orderId: string }) {
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error, reset } = useCancellation(orderId);

  function close(): void {
    setOpen(false);
    reset();
  }

  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        Cancel this order
      </Button>
      <Dialog
        open={open}
        title="Cancel this order?"
        onClose={close}
        footer={
          <div className="flex flex-wrap gap-3">
            <Button
              busy={isPending}
              onClick={() =>
                mutate(undefined, {
                  onSuccess: () => {
                    close();
                    tell("The order is cancelled.");
                  },
                })
              }
            >
              Cancel the order
            </Button>
            <Button look="quiet" onClick={close}>
              Keep it
            </Button>
          </div>
        }
      >
        <p>Nothing will be sent, and the whole amount goes back to the card that you paid with.</p>
        {error && (
          <div className="mt-4">
            <Notice tone="wrong">{sentenceOf(error)}</Notice>
          </div>
        )}
      </Dialog>
    </>
  );
}
