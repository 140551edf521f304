/** The routes of search. */
import { problemOf, Unreachable } from "@/api/problem";
import type { Money, Product } from "@/api/types";

export interface FoundProduct extends Product {
  available: number;
  highlights?: { name?: string | null; description?: string | null } | null;
}

export interface ValueCount {
  value: string;
  count: number;
}

export interface PriceCount {
  min: number;
  max?: number | null;
  count: number;
}

export interface Facets {
  category: ValueCount[];
  brand: ValueCount[];
  price: PriceCount[];
}

export interface SearchPage {
  items: FoundProduct[];
  total: number;
  facets: Facets;
  nextCursor?: string | null;
  tookMs: number;
  didYouMean?: string | null;
}

export interface Suggestions {
  products: { productId: string; name: string; imageUrl: string; price: Money }[];
  queries: string[];
}

export function searched(params: URLSearchParams, signal: AbortSignal): Promise<SearchPage> {
  return read(`/api/search?${params}`, signal);
}

export function suggested(q: string, signal: AbortSignal): Promise<Suggestions> {
  return read(`/api/search/suggest?${new URLSearchParams({ q })}`, signal);
}

async function read<T>(address: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Unreachable(error);
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response, body);
  return body as T;
}
