import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatDateTime } from "@/components/dates";
import { formatMoney } from "@/components/money";
import type { Attempt } from "@/features/checkout/attempt";

interface StaleAttemptAlertProps {
  attempt: Attempt;
  onResume: () => void;
  onDiscard: () => void;
}

/** An old payment attempt with an unknown outcome. Repeating it may place the order, so the shopper decides. */
export function StaleAttemptAlert({ attempt, onResume, onDiscard }: StaleAttemptAlertProps) {
  return (
    <Alert tone="warning">
      <p className="font-semibold">You began to pay on {formatDateTime(new Date(attempt.begunAt).toISOString())}, and the answer did not come.</p>
      <p>
        Look into your orders whether it was placed. To finish it now costs {formatMoney(attempt.order.expectedTotal)}, once at the most.
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button onClick={onResume}>Finish that order</Button>
        <Button variant="secondary" onClick={onDiscard}>
          Leave it
        </Button>
      </div>
    </Alert>
  );
}
