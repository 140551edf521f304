import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

export type CountedStock = components["schemas"]["CountedStock"];
export type SupplyLevel = CountedStock["level"];
export type Movement = components["schemas"]["Movement"];
export type AdjustmentReason = components["schemas"]["StockAdjustment"]["reason"];

export const STOCK_KEY = ["staff", "stock"];
const PAGE_SIZE = 50;
const MOVEMENTS_PAGE_SIZE = 25;

export interface StockRow extends CountedStock {
  /** The product's name; its id where the catalog has it no more. */
  name: string;
  imageUrl: string;
}

/** A list of stock, with the names of the products, which are the catalog's. */
export function stockListQuery(level: SupplyLevel) {
  return infiniteQueryOptions({
    queryKey: [...STOCK_KEY, "list", level],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const query = { level, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
      const page = await unwrap(authenticatedApi.GET("/api/staff/stock", { params: { query }, signal }));
      return { ...page, items: await withNames(page.items, signal) };
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

async function withNames(stocks: readonly CountedStock[], signal: AbortSignal): Promise<StockRow[]> {
  if (stocks.length === 0) return [];
  const query = { ids: stocks.map(({ productId }) => productId).join() };
  const { items } = await unwrap(authenticatedApi.GET("/api/staff/products", { params: { query }, signal }));
  const products = new Map(items.map((product) => [product.productId, product]));
  return stocks.map((stock) => {
    const product = products.get(stock.productId);
    return { ...stock, name: product?.name ?? stock.productId, imageUrl: product?.imageUrl ?? "" };
  });
}

export function stockQuery(productId: string) {
  return queryOptions({
    queryKey: [...STOCK_KEY, "one", productId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/stock/{productId}", { params: { path: { productId } }, signal })),
  });
}

export function movementsQuery(productId: string) {
  return infiniteQueryOptions({
    queryKey: [...STOCK_KEY, "movements", productId],
    queryFn: ({ signal, pageParam: cursor }) => {
      const query = { limit: MOVEMENTS_PAGE_SIZE, ...(cursor ? { cursor } : {}) };
      return unwrap(authenticatedApi.GET("/api/staff/stock/{productId}/movements", { params: { path: { productId }, query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // The ledger is a moment behind, and orders move units meanwhile.
    refetchInterval: 5_000,
  });
}

interface Adjustment {
  change: number;
  reason: AdjustmentReason;
  note: string;
}

/** Adds or removes units. The same key again changes nothing more. */
export function adjustStock(productId: string, { change, reason, note }: Adjustment, key: string): Promise<CountedStock> {
  const params = { path: { productId }, header: { "Idempotency-Key": key } };
  return unwrap(authenticatedApi.POST("/api/staff/stock/{productId}/adjust", { params, body: { change, reason, note: note || null } }));
}

export function countStock(productId: string, onHand: number, note: string): Promise<CountedStock> {
  return unwrap(authenticatedApi.PUT("/api/stock/{productId}", { params: { path: { productId } }, body: { onHand, note: note || null } }));
}
