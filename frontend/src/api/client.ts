/** The clients of the API. Paths, bodies and responses are typed by the OpenAPI document. */
import createClient from "openapi-fetch";

import { toProblem, Unreachable } from "@/api/problem";
import type { paths } from "@/api/schema";

/** Supplies the tokens. The auth feature sets it at start-up. */
interface TokenSource {
  /** Returns a valid token; null for a visitor. */
  getToken: () => Promise<string | null>;
  /** Returns a new token after one was refused; null if the session has ended. */
  refreshToken: () => Promise<string | null>;
}

let tokenSource: TokenSource = { getToken: () => Promise.resolve(null), refreshToken: () => Promise.resolve(null) };

export function setTokenSource(source: TokenSource): void {
  tokenSource = source;
}

/** For public routes. Sends no token and never waits for the session. */
export const publicApi = createClient<paths>({ fetch: (request) => send(request) });

/** For the routes of a signed-in shopper. After a 401 it refreshes the token and repeats the request once. */
export const authenticatedApi = createClient<paths>({ fetch: fetchWithToken });

async function fetchWithToken(request: Request): Promise<Response> {
  const token = await tokenSource.getToken();
  if (token === null) return send(request);
  const retry = request.clone();
  const response = await send(withToken(request, token));
  if (response.status !== 401) return response;
  const refreshed = await tokenSource.refreshToken();
  return refreshed === null ? response : send(withToken(retry, refreshed));
}

function withToken(request: Request, token: string): Request {
  request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(error);
  }
}

interface FetchResult<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Returns the body of a successful response. Throws `Problem` or `Unreachable`. */
export async function unwrap<Data>(request: Promise<FetchResult<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await request;
  if (!response.ok) throw toProblem(response, error);
  return data as NonNullable<Data>;
}
