import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { answered, shop } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Facets } from "@/api/types";
import type { ListedProduct } from "@/features/catalog/ProductCard";
import { type Listing, paramsOf } from "@/features/search/listing";

const PAGE = 24;
/** Answers of a stage whose search does not answer, or is not there. */
const WITHOUT_SEARCH = [404, 501, 502, 503, 504];

export interface ListedPage {
  items: readonly ListedProduct[];
  /** Null for the plain list, which nobody counts. */
  total: number | null;
  facets: Facets | null;
  didYouMean: string | null;
  next: Position | undefined;
  /** The catalogue's own list took the place of search: it neither narrows nor sorts. */
  isPlain: boolean;
}

interface Position {
  cursor: string;
  isPlain: boolean;
}

export function listingQuery(listing: Listing) {
  return infiniteQueryOptions({
    queryKey: ["listing", paramsOf(listing).toString()],
    queryFn: ({ pageParam, signal }) => pageOf(listing, pageParam, signal),
    initialPageParam: undefined as Position | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

async function pageOf(listing: Listing, from: Position | undefined, signal: AbortSignal): Promise<ListedPage> {
  if (from?.isPlain) return plainPage(listing, from.cursor, signal);
  try {
    return await searchPage(listing, from?.cursor, signal);
  } catch (error) {
    if (from === undefined && error instanceof Problem && WITHOUT_SEARCH.includes(error.status)) {
      return plainPage(listing, undefined, signal);
    }
    throw error;
  }
}

async function searchPage(listing: Listing, cursor: string | undefined, signal: AbortSignal): Promise<ListedPage> {
  const { category, brand, minPrice, maxPrice, ...rest } = listing;
  const query = {
    ...rest,
    category: [...category],
    brand: [...brand],
    minPrice: minPrice ?? null,
    maxPrice: maxPrice ?? null,
    limit: PAGE,
    cursor: cursor ?? null,
  };
  const found = await answered(shop.GET("/api/search", { params: { query }, signal }));
  const { items, total, facets, nextCursor, didYouMean } = found;
  const next = nextCursor ? { cursor: nextCursor, isPlain: false } : undefined;
  return { items, total, facets, didYouMean: didYouMean ?? null, next, isPlain: false };
}

async function plainPage(listing: Listing, cursor: string | undefined, signal: AbortSignal): Promise<ListedPage> {
  const [category] = listing.category;
  const query = { limit: PAGE, ...(category === undefined ? {} : { category }), ...(cursor === undefined ? {} : { cursor }) };
  const { items, nextCursor } = await answered(shop.GET("/api/products", { params: { query }, signal }));
  const next = nextCursor ? { cursor: nextCursor, isPlain: true } : undefined;
  return { items, total: null, facets: null, didYouMean: null, next, isPlain: true };
}

/** What the shopper may be about to type. Without an answer there are no suggestions, and nothing is said. */
export function suggestionsQuery(q: string) {
  return queryOptions({
    queryKey: ["suggestions", q],
    queryFn: ({ signal }) => answered(shop.GET("/api/search/suggest", { params: { query: { q } }, signal })),
    enabled: q.length > 1,
    retry: false,
    placeholderData: keepPreviousData,
  });
}
