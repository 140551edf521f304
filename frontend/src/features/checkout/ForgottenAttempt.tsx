import { Button } from "@/components/Button";
import { momentOf } from "@/components/dates";
import { formatted } from "@/components/money";
import { Notice } from "@/components/Notice";
import type { Attempt } from "@/features/checkout/attempt";

interface ForgottenAttemptProps {
  attempt: Attempt;
  onResume: () => void;
  onGiveUp: () => void;
}

/** A payment from some time ago whose answer never came. To ask for it again may place the order, so it is asked. */
export function ForgottenAttempt({ attempt, onResume, onGiveUp }: ForgottenAttemptProps) {
  return (
    <Notice tone="notable">
      <p className="font-semibold">You began to pay on {momentOf(new Date(attempt.begunAt).toISOString())}, and the answer did not come.</p>
      <p>
        Look into your orders whether it was placed. To finish it now costs {formatted(attempt.order.expectedTotal)}, once at the most.
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button onClick={onResume}>Finish that order</Button>
        <Button look="quiet" onClick={onGiveUp}>
          Leave it
        </Button>
      </div>
    </Notice>
  );
}
