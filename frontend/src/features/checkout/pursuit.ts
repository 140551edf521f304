/** Asks for the order of an attempt until its end is known. */
import type { Attempt } from "@/features/checkout/attempt";
import { type Outcome, outcomeOf } from "@/features/checkout/outcome";
import type { PlacedOrder } from "@/api/types";

/** Where an attempt stands, for the shopper to see. */
export type Progress = "placing" | "patience" | "offline" | "bank" | "confirming" | "bankAgain";

export type End = Extract<Outcome, { kind: "placed" | "refused" | "signedOut" }> | { kind: "givenUp" };

export interface Means {
  place: (attempt: Attempt) => Promise<PlacedOrder>;
  confirm: (orderId: string) => Promise<PlacedOrder>;
  /** Have the shopper approve the payment at their bank. */
  authenticate: (clientSecret: string) => Promise<void>;
  /** The bank was asked and the payment still waits: whether to ask once more. */
  askBankAgain: () => Promise<boolean>;
  tell: (progress: Progress) => void;
  /** Wait so long, and then until the browser is online. */
  wait: (ms: number) => Promise<void>;
}

const BUSY_MS = 1_000;
/** After so many answers that the order is being placed, the shopper is told that it takes longer. */
const CALM_ANSWERS = 5;
/** Between requests whose answers do not come, each time longer. */
const UNKNOWN_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** Pursue an attempt to its end. Never gives up by itself; to leave the page is safe, since the attempt is kept. */
export async function pursued(attempt: Attempt, means: Means): Promise<End> {
  let ask = () => means.place(attempt);
  let unknown = 0;
  let busy = 0;
  let wasAtBank = false;
  means.tell("placing");
  for (;;) {
    const outcome = await outcomeOf(ask());
    switch (outcome.kind) {
      case "placed":
      case "refused":
      case "signedOut":
        return outcome;
      case "bank": {
        if (wasAtBank) {
          means.tell("bankAgain");
          if (!(await means.askBankAgain())) return { kind: "givenUp" };
        }
        means.tell("bank");
        // However it ended at the bank, and even where its window did not open: the server knows.
        await means.authenticate(outcome.clientSecret).catch(() => undefined);
        wasAtBank = true;
        ask = () => means.confirm(outcome.orderId);
        means.tell("confirming");
        break;
      }
      case "busy":
        busy += 1;
        if (busy > CALM_ANSWERS) means.tell("patience");
        await means.wait(BUSY_MS);
        break;
      case "unknown":
        means.tell("patience");
        await means.wait(UNKNOWN_MS[Math.min(unknown, UNKNOWN_MS.length - 1)] ?? BUSY_MS);
        unknown += 1;
        break;
    }
  }
}
