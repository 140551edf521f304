import type { ProblemDetails } from "@/api/types";

/** An answer of the API that is not a success. Branch on `code`; `message` is a sentence for the shopper. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(readonly details: ProblemDetails) {
    super(details.detail);
  }

  get code(): string {
    return this.details.code;
  }

  get status(): number {
    return this.details.status;
  }
}

/** The request did not reach the shop, or its answer did not come back. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(cause?: unknown) {
    super("The shop cannot be reached. Check your connection and try again.", { cause });
  }
}

/** What to tell the shopper of any failure. */
export function sentenceOf(error: unknown): string {
  return error instanceof Problem || error instanceof Unreachable
    ? error.message
    : "Something went wrong. Please try again.";
}

/** The faults of a form by field: `{"shippingAddress.city": "…"}`, for a problem with the code VALIDATION. */
export function faultsByField(error: unknown): Record<string, string> {
  const faults = error instanceof Problem ? (error.details.errors ?? []) : [];
  return Object.fromEntries(faults.map(({ path, message }) => [path.replace(/^body\./, ""), message]));
}

function isDetails(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** The problem that an answer is. What stands between browser and API (a proxy, a gateway) answers in other forms. */
export function problemOf(response: Response, body: unknown): Problem {
  if (isDetails(body)) return new Problem(body);
  const code = response.status === 401 ? "UNAUTHORIZED" : response.status === 429 ? "TOO_MANY_REQUESTS" : "UNEXPECTED";
  const detail = {
    UNAUTHORIZED: "Please sign in to go on.",
    TOO_MANY_REQUESTS: "That was a little fast. Please try again in a moment.",
    UNEXPECTED: "The shop did not answer as expected. Please try again.",
  }[code];
  return new Problem({ type: "about:blank", title: code, status: response.status, code, detail });
}
