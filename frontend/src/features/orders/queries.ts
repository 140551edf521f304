import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Order } from "@/api/types";

export const ORDERS_KEY = ["me", "orders"];
const PAGE_SIZE = 10;
/** A paid order appears with a delay: it is requested once a second until then. */
const PLACED_ORDER_RETRIES = 30;
/** How long an order is polled after its last change, while it is processed or its refund is pending. */
const POLL_FOR_MS = 10 * 60_000;
const POLL_INTERVAL_MS = 5_000;

export const ordersQuery = infiniteQueryOptions({
  queryKey: [...ORDERS_KEY, "list"],
  queryFn: ({ signal, pageParam }) =>
    unwrap(authenticatedApi.GET("/api/orders", { params: { query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
  initialPageParam: "",
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

export function orderQuery(orderId: string) {
  return queryOptions({
    queryKey: [...ORDERS_KEY, orderId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/orders/{orderId}", { params: { path: { orderId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isInTransition(state.data) ? POLL_INTERVAL_MS : false),
  });
}

/** A paid order, which may not exist yet. */
export function placedOrderQuery(orderId: string) {
  return queryOptions({
    ...orderQuery(orderId),
    retry: (failures: number, error: Error) => failures < PLACED_ORDER_RETRIES && !(error instanceof Problem && error.status !== 404),
    retryDelay: 1_000,
  });
}

function isInTransition({ status, history }: Order): boolean {
  const lastChange = Math.max(...history.map(({ at }) => Date.parse(at)));
  return (status === "PROCESSING" || status === "CANCELLED" || status === "REFUND_PENDING") && Date.now() - lastChange < POLL_FOR_MS;
}

export function useCancelOrder(orderId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(authenticatedApi.POST("/api/orders/{orderId}/cancel", { params: { path: { orderId } } })),
    // Also after an error: the order may have been shipped meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: ORDERS_KEY }),
  });
}
