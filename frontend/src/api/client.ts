/** The two ways to the API. Paths, bodies and answers are typed by the OpenAPI document. */
import createClient from "openapi-fetch";

import { problemOf, Unreachable } from "@/api/problem";
import type { paths } from "@/api/schema";

/** Where tokens come from; the auth feature says so at start-up. */
export interface Tokens {
  /** A token that is valid now; null for a visitor. */
  current: () => Promise<string | null>;
  /** A new token after one was refused; null where the session has ended. */
  renewed: () => Promise<string | null>;
}

let tokens: Tokens = { current: () => Promise.resolve(null), renewed: () => Promise.resolve(null) };

export function takeTokensFrom(source: Tokens): void {
  tokens = source;
}

/** What anybody may see. Never waits for a session. */
export const shop = createClient<paths>({ fetch: (request) => reached(request) });

/** What belongs to the shopper who is signed in. A refused token is renewed once, and the request repeated. */
export const own = createClient<paths>({ fetch: authorised });

async function authorised(request: Request): Promise<Response> {
  const token = await tokens.current();
  if (token === null) return reached(request);
  const again = request.clone();
  const response = await reached(bearing(request, token));
  if (response.status !== 401) return response;
  const renewed = await tokens.renewed();
  return renewed === null ? response : reached(bearing(again, renewed));
}

function bearing(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function reached(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer. Throws `Problem` or `Unreachable`. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return data as NonNullable<Data>;
}
