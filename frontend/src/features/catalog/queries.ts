import { queryOptions } from "@tanstack/react-query";

import { publicApi, unwrap } from "@/api/client";
import type { Category } from "@/api/types";

const HOUR = 3_600_000;

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: async ({ signal }) => (await unwrap(publicApi.GET("/api/categories", { signal }))).items,
  staleTime: HOUR,
});

/** Returns the name of a category; its id if the category is unknown or not loaded. */
export function getCategoryName(categories: readonly Category[], id: string): string {
  return categories.find(({ category }) => category === id)?.name ?? id;
}

export function productQuery(productId: string) {
  return queryOptions({
    queryKey: ["product", productId],
    queryFn: ({ signal }) =>
      unwrap(publicApi.GET("/api/products/{productId}", { params: { path: { productId } }, signal })),
  });
}

/** The available units. They change with every order, so they are fetched on every visit. */
export function stockQuery(productId: string) {
  return queryOptions({
    queryKey: ["stock", productId],
    queryFn: async ({ signal }) =>
      (await unwrap(publicApi.GET("/api/stock/{productId}", { params: { path: { productId } }, signal }))).available,
    // The route's loader has started the query a moment before the page renders.
    staleTime: 5_000,
  });
}

/** The newest products of the shop, or of a category. */
export function newestQuery(limit: number, category?: string) {
  const query = category === undefined ? { limit } : { limit, category };
  return queryOptions({
    queryKey: ["products", query],
    queryFn: async ({ signal }) => (await unwrap(publicApi.GET("/api/products", { params: { query }, signal }))).items,
  });
}

/** The products of the home page. */
export const homeQuery = newestQuery(24);
