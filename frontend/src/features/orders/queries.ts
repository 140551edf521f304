import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answered, own } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Order } from "@/api/types";

export const ORDERS_KEY = ["own", "orders"];
const PAGE = 10;
/** An order that was paid just now is written down a moment later: so long it is waited for, a second at a time. */
const APPEARS_WITHIN = 30;
/** So long an order is watched for what may follow soon: it is written down, or its money comes back. */
const WATCHED_MS = 10 * 60_000;
const WATCH_MS = 5_000;

export const ordersQuery = infiniteQueryOptions({
  queryKey: [...ORDERS_KEY, "list"],
  queryFn: ({ signal, pageParam }) =>
    answered(own.GET("/api/orders", { params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
  initialPageParam: "",
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

export function orderQuery(orderId: string) {
  return queryOptions({
    queryKey: [...ORDERS_KEY, orderId],
    queryFn: ({ signal }) => answered(own.GET("/api/orders/{orderId}", { params: { path: { orderId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? WATCH_MS : false),
  });
}

/** An order that was paid just now, once it is there. */
export function placedOrderQuery(orderId: string) {
  return queryOptions({
    ...orderQuery(orderId),
    retry: (failures: number, error: Error) => failures < APPEARS_WITHIN && !(error instanceof Problem && error.status !== 404),
    retryDelay: 1_000,
  });
}

function isMoving({ status, history }: Order): boolean {
  const last = Math.max(...history.map(({ at }) => Date.parse(at)));
  return (status === "PROCESSING" || status === "CANCELLED") && Date.now() - last < WATCHED_MS;
}

export function useCancellation(orderId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answered(own.POST("/api/orders/{orderId}/cancel", { params: { path: { orderId } } })),
    // Where it was too late, the order has moved: that is shown.
    onSettled: () => client.invalidateQueries({ queryKey: ORDERS_KEY }),
  });
}
