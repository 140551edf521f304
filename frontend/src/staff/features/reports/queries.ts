import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import { getFirstDay } from "@/staff/features/reports/periods";

const REPORTS_KEY = ["staff", "reports"];
const SHOWN_PRODUCTS = 10;
const FILES_PAGE_SIZE = 30;

export type BestBy = "sales" | "units";

export function salesQuery(days: number) {
  return queryOptions({
    queryKey: [...REPORTS_KEY, "sales", days],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/reports/sales", { params: { query: { from: getFirstDay(days) } }, signal })),
  });
}

export function funnelQuery(days: number) {
  return queryOptions({
    queryKey: [...REPORTS_KEY, "funnel", days],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/reports/funnel", { params: { query: { from: getFirstDay(days) } }, signal })),
  });
}

export function bestSellersQuery(days: number, by: BestBy) {
  return queryOptions({
    queryKey: [...REPORTS_KEY, "products", days, by],
    queryFn: ({ signal }) =>
      unwrap(authenticatedApi.GET("/api/reports/products", { params: { query: { from: getFirstDay(days), by, limit: SHOWN_PRODUCTS } }, signal })),
  });
}

export const lowStockQuery = queryOptions({
  queryKey: [...REPORTS_KEY, "stock"],
  queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/reports/stock", { params: { query: { limit: SHOWN_PRODUCTS } }, signal })),
});

export const reportFilesQuery = infiniteQueryOptions({
  queryKey: [...REPORTS_KEY, "files"],
  queryFn: ({ signal, pageParam: cursor }) =>
    unwrap(authenticatedApi.GET("/api/reports/files", { params: { query: { limit: FILES_PAGE_SIZE, ...(cursor ? { cursor } : {}) } }, signal })),
  initialPageParam: "",
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

export function fetchReportLink(name: string) {
  return unwrap(authenticatedApi.GET("/api/reports/files/{name}", { params: { path: { name } } }));
}
