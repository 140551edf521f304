import { useMutation } from "@tanstack/react-query";
import { createPortal } from "react-dom";

import type { Money } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { formatMoney } from "@/components/money";

interface TestBankProps {
  paymentIntentId: string;
  total: Money;
  onComplete: () => void;
}

/** Simulates the 3-D Secure window of the shopper's bank. */
export function TestBank({ paymentIntentId, total, onComplete }: TestBankProps) {
  const { mutate, isPending, isError, variables } = useMutation({
    mutationFn: (outcome: "complete" | "fail") => submitOutcome(paymentIntentId, outcome),
    onSuccess: onComplete,
  });
  // In the body, because the checkout form is inert while an order is being placed.
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
          <Button variant="secondary" busy={isPending && variables === "fail"} onClick={() => mutate("fail")}>
            Refuse
          </Button>
        </div>
      }
    >
      <p className="mb-4 rounded-control bg-notable-tint px-4 py-3">
        <strong>Test mode.</strong> With a real card, your bank would ask you here.
      </p>
      <p>May the shop be paid {formatMoney(total)} with your card?</p>
      {isError && <Alert tone="error">The test bank cannot be reached. Try again.</Alert>}
    </Dialog>,
    document.body,
  );
}

async function submitOutcome(paymentIntentId: string, outcome: "complete" | "fail"): Promise<void> {
  const response = await fetch(`/_3ds/${encodeURIComponent(paymentIntentId)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ outcome }),
  });
  // 400: the payment no longer requires action. The shop asks the server for the outcome.
  if (!response.ok && response.status !== 400) throw new Error(`the test bank answers ${response.status}`);
}
