/** Repeats the order request of an attempt until its outcome is known. */
import type { PlacedOrder } from "@/api/types";
import type { Attempt } from "@/features/checkout/attempt";
import { type Outcome, resolveOutcome } from "@/features/checkout/outcome";

/** What the shopper sees while the order is being placed. */
export type OrderProgress = "placing" | "delayed" | "offline" | "authenticating" | "confirming" | "bankRetry";

export type PollResult = Extract<Outcome, { kind: "placed" | "refused" | "signedOut" }> | { kind: "abandoned" };

export interface PollOptions {
  place: (attempt: Attempt) => Promise<PlacedOrder>;
  confirm: (orderId: string) => Promise<PlacedOrder>;
  /** Lets the shopper approve the payment at their bank (3-D Secure). */
  authenticate: (clientSecret: string) => Promise<void>;
  /** Returns whether to ask the bank again, if the payment still requires action. */
  confirmBankRetry: () => Promise<boolean>;
  onProgress: (progress: OrderProgress) => void;
  /** Waits for the given time, and then until the browser is online. */
  wait: (ms: number) => Promise<void>;
}

const IN_PROGRESS_DELAY_MS = 1_000;
/** The progress becomes "delayed" after this number of IN_PROGRESS responses. */
const DELAYED_AFTER = 5;
/** Delays between requests without a response. */
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** Places the order of an attempt. Retries without limit; leaving the page is safe, because the attempt is stored. */
export async function pollOrder(attempt: Attempt, options: PollOptions): Promise<PollResult> {
  let request = () => options.place(attempt);
  let unknownCount = 0;
  let inProgressCount = 0;
  let hasAuthenticated = false;
  options.onProgress("placing");
  for (;;) {
    const outcome = await resolveOutcome(request());
    switch (outcome.kind) {
      case "placed":
      case "refused":
      case "signedOut":
        return outcome;
      case "requiresAction": {
        if (hasAuthenticated) {
          options.onProgress("bankRetry");
          if (!(await options.confirmBankRetry())) return { kind: "abandoned" };
        }
        options.onProgress("authenticating");
        // Only the server knows how the authentication ended, even if the window of the bank did not open.
        await options.authenticate(outcome.clientSecret).catch(() => undefined);
        hasAuthenticated = true;
        request = () => options.confirm(outcome.orderId);
        options.onProgress("confirming");
        break;
      }
      case "inProgress":
        inProgressCount += 1;
        if (inProgressCount > DELAYED_AFTER) options.onProgress("delayed");
        await options.wait(IN_PROGRESS_DELAY_MS);
        break;
      case "unknown":
        options.onProgress("delayed");
        await options.wait(RETRY_DELAYS_MS[Math.min(unknownCount, RETRY_DELAYS_MS.length - 1)] ?? IN_PROGRESS_DELAY_MS);
        unknownCount += 1;
        break;
    }
  }
}
