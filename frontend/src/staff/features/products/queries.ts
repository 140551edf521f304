import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { ImportReport, Product, ProductInput, StaffProduct } from "@/staff/features/products/types";

export const PRODUCTS_KEY = ["staff", "products"];
const PAGE_SIZE = 50;

export interface ProductFilters {
  status: string;
  q: string;
}

export function productsQuery({ status, q }: ProductFilters) {
  return infiniteQueryOptions({
    queryKey: [...PRODUCTS_KEY, "list", { status, q }],
    queryFn: ({ signal, pageParam: cursor }) => {
      const query = { status: status === "HIDDEN" ? "HIDDEN" : "ACTIVE", limit: PAGE_SIZE, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } as const;
      return unwrap(authenticatedApi.GET("/api/staff/products", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

export function productQuery(productId: string) {
  return queryOptions({
    queryKey: [...PRODUCTS_KEY, "one", productId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/products/{productId}", { params: { path: { productId } }, signal })),
  });
}

export function createProduct(product: ProductInput & { initialStock?: number }): Promise<Product> {
  return unwrap(authenticatedApi.POST("/api/products", { body: product }));
}

/** Saves a product as it was edited at a version. Throws the problem `PRODUCT_CHANGED` if it has another one by now. */
export function replaceProduct(productId: string, version: number, product: ProductInput): Promise<Product> {
  const params = { path: { productId }, header: { "If-Match": `"${version}"` } };
  return unwrap(authenticatedApi.PUT("/api/products/{productId}", { params, body: product }));
}

export async function deleteProduct(productId: string, version: number): Promise<void> {
  const params = { path: { productId }, header: { "If-Match": `"${version}"` } };
  await unwrap(authenticatedApi.DELETE("/api/products/{productId}", { params }));
}

/** Returns what somebody else has made of the product meanwhile; undefined for any other error. */
export function currentProduct(error: unknown): StaffProduct | undefined {
  if (!(error instanceof Problem) || error.code !== "PRODUCT_CHANGED") return undefined;
  return (error.details as { current?: StaffProduct }).current;
}

/** Imports a file, whatever shop it comes from, or says what would become of it. */
export function importProducts(file: Blob, dryRun: boolean): Promise<ImportReport> {
  return unwrap(
    authenticatedApi.POST("/api/products/import", {
      params: { query: { dryRun } },
      headers: { "Content-Type": "application/octet-stream" },
      body: file as unknown as string,
      bodySerializer: () => file,
    }),
  );
}
