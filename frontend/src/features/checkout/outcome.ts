/** What an answer to an attempt means: its end, a question of the bank, or that nobody knows yet. */
import { Problem } from "@/api/problem";
import type { PlacedOrder } from "@/api/types";

export type Outcome =
  | { kind: "placed"; orderId: string }
  /** Nothing was charged, and nothing will be under this key. */
  | { kind: "refused"; problem: Problem }
  /** The shopper has to approve the payment at their bank. */
  | { kind: "bank"; orderId: string; clientSecret: string }
  /** The order is being placed just now, by a request that came before. */
  | { kind: "busy" }
  /** It may have been placed or not: ask again with the same key. */
  | { kind: "unknown" }
  /** The session has ended. The attempt waits for the shopper to sign in again. */
  | { kind: "signedOut" };

export async function outcomeOf(answer: Promise<PlacedOrder>): Promise<Outcome> {
  try {
    const { orderId, status, clientSecret } = await answer;
    return status === "REQUIRES_ACTION" && clientSecret ? { kind: "bank", orderId, clientSecret } : { kind: "placed", orderId };
  } catch (error) {
    return error instanceof Problem ? outcomeOfProblem(error) : { kind: "unknown" };
  }
}

function outcomeOfProblem(problem: Problem): Outcome {
  if (problem.status === 401) return { kind: "signedOut" };
  if (problem.code === "IN_PROGRESS") return { kind: "busy" };
  if (problem.status === 429) return { kind: "unknown" };
  // Of the server's own faults only this one says that nothing was charged.
  if (problem.status >= 500 && problem.code !== "CHECKOUT_FAILED") return { kind: "unknown" };
  return { kind: "refused", problem };
}
