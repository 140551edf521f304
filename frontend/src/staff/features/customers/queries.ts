import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { components } from "@/api/schema";

export type Customer = components["schemas"]["CustomerSummary"];
export type CustomerDetails = components["schemas"]["CustomerView"];

export const CUSTOMERS_KEY = ["staff", "customers"];
const PAGE_SIZE = 50;

export function customersQuery({ q }: { q: string }) {
  return infiniteQueryOptions({
    queryKey: [...CUSTOMERS_KEY, "list", { q }],
    queryFn: ({ signal, pageParam: cursor }) =>
      unwrap(authenticatedApi.GET("/api/staff/customers", { params: { query: { limit: PAGE_SIZE, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } }, signal })),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

export function customerQuery(userId: string) {
  return queryOptions({
    queryKey: [...CUSTOMERS_KEY, "one", userId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/customers/{userId}", { params: { path: { userId } }, signal })),
  });
}

/** The newest orders of a customer: found by the address, and of these only theirs. */
export function customerOrdersQuery(userId: string, email: string) {
  return queryOptions({
    queryKey: [...CUSTOMERS_KEY, "orders", userId],
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(authenticatedApi.GET("/api/staff/orders", { params: { query: { q: email, limit: 10 } }, signal }));
      return items.filter(({ customer }) => customer.userId === userId);
    },
  });
}

/** Returns all that is stored of a customer, or the state of the file where that is too much for an answer. */
export function exportCustomer(userId: string) {
  return unwrap(authenticatedApi.POST("/api/staff/customers/{userId}/export", { params: { path: { userId } } }));
}

/**
 * Erases a customer. Safe to repeat after a failure: one who was erased before is erased.
 * Throws the problem `OPEN_ORDERS` while paid orders are not sent, unless they are to be cancelled and refunded.
 */
export async function eraseCustomer(userId: string, { cancelOrders }: { cancelOrders: boolean }): Promise<void> {
  try {
    await unwrap(authenticatedApi.DELETE("/api/staff/customers/{userId}", { params: { path: { userId }, query: { cancelOrders } } }));
  } catch (error) {
    if (!(error instanceof Problem && error.code === "ACCOUNT_ERASED")) throw error;
  }
}
