import { useMutation } from "@tanstack/react-query";
import { createPortal } from "react-dom";

import type { Money } from "@/api/types";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { formatted } from "@/components/money";
import { Notice } from "@/components/Notice";

interface TestBankProps {
  intent: string;
  total: Money;
  onAnswered: () => void;
}

/** The window that the shopper's bank would open: it asks whether it was them. */
export function TestBank({ intent, total, onAnswered }: TestBankProps) {
  const { mutate, isPending, isError, variables } = useMutation({
    mutationFn: (outcome: "complete" | "fail") => decided(intent, outcome),
    onSuccess: onAnswered,
  });
  // The form that it belongs to cannot be used while an order is being placed; the bank's window can.
  return createPortal(
    <Dialog
      open
      title="Test bank"
      onClose={() => mutate("fail")}
      footer={
        <div className="flex flex-wrap gap-3">
          <Button busy={isPending && variables === "complete"} onClick={() => mutate("complete")}>
            Approve
          </Button>
          <Button look="quiet" busy={isPending && variables === "fail"} onClick={() => mutate("fail")}>
            Refuse
          </Button>
        </div>
      }
    >
      <p className="mb-4 rounded-control bg-notable-tint px-4 py-3">
        <strong>Test mode.</strong> With a real card, your bank would ask you here.
      </p>
      <p>May the shop be paid {formatted(total)} with your card?</p>
      {isError && <Notice tone="wrong">The test bank cannot be reached. Try again.</Notice>}
    </Dialog>,
    document.body,
  );
}

async function decided(intent: string, outcome: "complete" | "fail"): Promise<void> {
  const response = await fetch(`/_3ds/${encodeURIComponent(intent)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ outcome }),
  });
  // A payment that waits for no answer any more has had one: the shop asks how it ended.
  if (!response.ok && response.status !== 400) throw new Error(`the test bank answers ${response.status}`);
}
