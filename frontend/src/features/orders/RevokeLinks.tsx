import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { authenticatedApi, unwrap } from "@/api/client";
import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { showToast } from "@/components/toast";

/** Makes the links of an order's e-mails invalid, after a confirmation: somebody else may have one. */
export function RevokeLinks({ orderId }: { orderId: string }) {
  const [open, setOpen] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => unwrap(authenticatedApi.DELETE("/api/orders/{orderId}/links", { params: { path: { orderId } } })),
  });

  function close(): void {
    setOpen(false);
    reset();
  }

  return (
    <div className="text-small text-muted">
      Our e-mails about this order show it to whoever has them.{" "}
      <Button variant="link" className="!inline text-left" onClick={() => setOpen(true)}>
        Make their links invalid
      </Button>
      <Dialog
        open={open}
        title="Make the links invalid?"
        onClose={close}
        footer={
          <div className="flex flex-wrap gap-3">
            <Button
              busy={isPending}
              onClick={() =>
                mutate(undefined, {
                  onSuccess: () => {
                    close();
                    showToast("The links of earlier e-mails are invalid.");
                  },
                })
              }
            >
              Make them invalid
            </Button>
            <Button variant="secondary" onClick={close}>
              Keep them
            </Button>
          </div>
        }
      >
        <p>The links in all e-mails so far stop working. The next e-mail about this order has one that works.</p>
        {error && (
          <div className="mt-4">
            <Alert tone="error">{getErrorMessage(error)}</Alert>
          </div>
        )}
      </Dialog>
    </div>
  );
}
