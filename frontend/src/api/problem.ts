import type { ProblemDetails } from "@/api/types";

/** An error response of the API. Branch on `code`; `message` is a sentence for the shopper. */
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

/** The request did not reach the shop, or its response was lost. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(cause?: unknown) {
    super("The shop cannot be reached. Check your connection and try again.", { cause });
  }
}

/** Returns the message to show for any error. */
export function getErrorMessage(error: unknown): string {
  return error instanceof Problem || error instanceof Unreachable
    ? error.message
    : "Something went wrong. Please try again.";
}

/** Returns the errors of a VALIDATION problem by field: `{"shippingAddress.city": "…"}`; empty for any other error. */
export function getFieldErrors(error: unknown): Record<string, string> {
  const errors = error instanceof Problem ? (error.details.errors ?? []) : [];
  return Object.fromEntries(errors.map(({ path, message }) => [path.replace(/^body\./, ""), message]));
}

function isProblemDetails(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** Converts an error response. Proxies and gateways between browser and API send no problem details. */
export function toProblem(response: Response, body: unknown): Problem {
  if (isProblemDetails(body)) return new Problem(body);
  const code = response.status === 401 ? "UNAUTHORIZED" : response.status === 429 ? "TOO_MANY_REQUESTS" : "UNEXPECTED";
  const detail = {
    UNAUTHORIZED: "Please sign in to go on.",
    TOO_MANY_REQUESTS: "That was a little fast. Please try again in a moment.",
    UNEXPECTED: "The shop did not answer as expected. Please try again.",
  }[code];
  return new Problem({ type: "about:blank", title: code, status: response.status, code, detail });
}
