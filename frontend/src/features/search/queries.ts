import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { publicApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Facets, Interpretation } from "@/api/types";
import type { ListedProduct } from "@/features/catalog/ProductCard";
import { type SearchCriteria, toSearchParams } from "@/features/search/searchCriteria";

const PAGE_SIZE = 24;
/** Statuses of a stage without search, or whose search is down. */
const SEARCH_UNAVAILABLE_STATUSES = [404, 501, 502, 503, 504];

export interface ListingPage {
  items: readonly ListedProduct[];
  /** Null for the fallback, which has no count. */
  total: number | null;
  facets: Facets | null;
  didYouMean: string | null;
  /** Filters and the order that words of the query were taken for. */
  interpretations: readonly Interpretation[];
  next: PageParam | undefined;
  /** The page is from the catalog, because search is unavailable: without filters and sort order. */
  isFallback: boolean;
}

interface PageParam {
  cursor: string;
  isFallback: boolean;
}

export function listingQuery(criteria: SearchCriteria) {
  return infiniteQueryOptions({
    queryKey: ["listing", toSearchParams(criteria).toString()],
    queryFn: ({ pageParam, signal }) => fetchPage(criteria, pageParam, signal),
    initialPageParam: undefined as PageParam | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

async function fetchPage(criteria: SearchCriteria, pageParam: PageParam | undefined, signal: AbortSignal): Promise<ListingPage> {
  if (pageParam?.isFallback) return fetchCatalogPage(criteria, pageParam.cursor, signal);
  try {
    return await fetchSearchPage(criteria, pageParam?.cursor, signal);
  } catch (error) {
    if (pageParam === undefined && error instanceof Problem && SEARCH_UNAVAILABLE_STATUSES.includes(error.status)) {
      return fetchCatalogPage(criteria, undefined, signal);
    }
    throw error;
  }
}

async function fetchSearchPage(criteria: SearchCriteria, cursor: string | undefined, signal: AbortSignal): Promise<ListingPage> {
  const { category, brand, minPrice, maxPrice, ...rest } = criteria;
  const query = {
    ...rest,
    category: [...category],
    brand: [...brand],
    minPrice: minPrice ?? null,
    maxPrice: maxPrice ?? null,
    limit: PAGE_SIZE,
    cursor: cursor ?? null,
  };
  const { items, total, facets, nextCursor, didYouMean, interpretations = [] } = await unwrap(publicApi.GET("/api/search", { params: { query }, signal }));
  const next = nextCursor ? { cursor: nextCursor, isFallback: false } : undefined;
  return { items, total, facets, didYouMean: didYouMean ?? null, interpretations, next, isFallback: false };
}

async function fetchCatalogPage(criteria: SearchCriteria, cursor: string | undefined, signal: AbortSignal): Promise<ListingPage> {
  const [category] = criteria.category;
  const query = { limit: PAGE_SIZE, ...(category === undefined ? {} : { category }), ...(cursor === undefined ? {} : { cursor }) };
  const { items, nextCursor } = await unwrap(publicApi.GET("/api/products", { params: { query }, signal }));
  const next = nextCursor ? { cursor: nextCursor, isFallback: true } : undefined;
  return { items, total: null, facets: null, didYouMean: null, interpretations: [], next, isFallback: true };
}

/** Suggestions for a partial query. Errors are not shown. */
export function suggestionsQuery(q: string) {
  return queryOptions({
    queryKey: ["suggestions", q],
    queryFn: ({ signal }) => unwrap(publicApi.GET("/api/search/suggest", { params: { query: { q } }, signal })),
    enabled: q.length > 1,
    retry: false,
    placeholderData: keepPreviousData,
  });
}
