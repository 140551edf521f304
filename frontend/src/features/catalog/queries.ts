import { queryOptions } from "@tanstack/react-query";

import { answered, shop } from "@/api/client";
import type { Category } from "@/api/types";

const HOUR = 3_600_000;

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: async ({ signal }) => (await answered(shop.GET("/api/categories", { signal }))).items,
  staleTime: HOUR,
});

/** What a category is called; its id where that is not known, or not yet. */
export function nameOfCategory(categories: readonly Category[], id: string): string {
  return categories.find(({ category }) => category === id)?.name ?? id;
}

export function productQuery(productId: string) {
  return queryOptions({
    queryKey: ["product", productId],
    queryFn: ({ signal }) =>
      answered(shop.GET("/api/products/{productId}", { params: { path: { productId } }, signal })),
  });
}

/** How many units can be had now: it changes with every order, so it is read anew on every visit. */
export function stockQuery(productId: string) {
  return queryOptions({
    queryKey: ["stock", productId],
    queryFn: async ({ signal }) =>
      (await answered(shop.GET("/api/stock/{productId}", { params: { path: { productId } }, signal }))).available,
    // The page is shown a moment after its reading has begun.
    staleTime: 5_000,
  });
}

/** The newest products of the shop, or of a category. */
export function newestQuery(limit: number, category?: string) {
  const query = category === undefined ? { limit } : { limit, category };
  return queryOptions({
    queryKey: ["products", query],
    queryFn: async ({ signal }) => (await answered(shop.GET("/api/products", { params: { query }, signal }))).items,
  });
}

/** What the home page shows. */
export const homeQuery = newestQuery(24);
