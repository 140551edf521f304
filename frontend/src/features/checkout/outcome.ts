/** The outcome of an order request. */
import { Problem } from "@/api/problem";
import type { PlacedOrder } from "@/api/types";

export type Outcome =
  | { kind: "placed"; order: PlacedOrder }
  /** Nothing was charged, and nothing will be charged under this key. */
  | { kind: "refused"; problem: Problem }
  /** The shopper has to approve the payment at their bank. */
  | { kind: "requiresAction"; orderId: string; clientSecret: string }
  /** An earlier request is still placing the order. */
  | { kind: "inProgress" }
  /** The order may have been placed or not: repeat the request with the same key. */
  | { kind: "unknown" }
  /** The session has ended. The attempt continues after the next sign-in. */
  | { kind: "signedOut" };

export async function resolveOutcome(response: Promise<PlacedOrder>): Promise<Outcome> {
  try {
    const order = await response;
    const { orderId, status, clientSecret } = order;
    return status === "REQUIRES_ACTION" && clientSecret ? { kind: "requiresAction", orderId, clientSecret } : { kind: "placed", order };
  } catch (error) {
    return error instanceof Problem ? toOutcome(error) : { kind: "unknown" };
  }
}

function toOutcome(problem: Problem): Outcome {
  if (problem.status === 401) return { kind: "signedOut" };
  if (problem.code === "IN_PROGRESS") return { kind: "inProgress" };
  if (problem.status === 429) return { kind: "unknown" };
  // The only server error that guarantees that nothing was charged.
  if (problem.status >= 500 && problem.code !== "CHECKOUT_FAILED") return { kind: "unknown" };
  return { kind: "refused", problem };
}
