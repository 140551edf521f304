import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { StaffOrder, StaffRefund } from "@/api/types";

export const STAFF_ORDERS_KEY = ["staff", "orders"];
const PAGE_SIZE = 50;
const POLL_INTERVAL_MS = 3_000;

export type OrderStatus = StaffOrder["status"];

export interface OrderFilters {
  /** Empty for orders of every status. */
  status: OrderStatus | "";
  q: string;
  /** Days such as `2026-12-01`; empty for none. */
  from: string;
  to: string;
}

export interface Units {
  productId: string;
  quantity: number;
}

export interface ParcelToSend {
  carrier: string;
  trackingNumber: string;
  /** Null for all that is left. */
  lines: Units[] | null;
}

export function staffOrdersQuery({ status, q, from, to }: OrderFilters) {
  const query = { ...(status && { status }), ...(q && { q }), ...(from && { from }), ...(to && { to }), limit: PAGE_SIZE };
  return infiniteQueryOptions({
    queryKey: [...STAFF_ORDERS_KEY, "list", query],
    queryFn: ({ signal, pageParam: cursor }) =>
      unwrap(authenticatedApi.GET("/api/staff/orders", { params: { query: { ...query, ...(cursor ? { cursor } : {}) } }, signal })),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

/** One order; it is read again while money is on its way back. */
export function staffOrderQuery(orderId: string) {
  return queryOptions({
    queryKey: [...STAFF_ORDERS_KEY, "order", orderId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/orders/{orderId}", { params: { path: { orderId } }, signal })),
    refetchInterval: ({ state: { data } }) => (data && (data.refundsUnderWay || data.status === "CANCELLED") ? POLL_INTERVAL_MS : false),
  });
}

export function useShip(orderId: string) {
  return useChange((body: ParcelToSend) => unwrap(authenticatedApi.POST("/api/orders/{orderId}/ship", { params: { path: { orderId } }, body })));
}

/** Tells that a parcel has arrived, or without an id all of the order. */
export function useDeliver(orderId: string) {
  return useChange((parcelId: string | undefined) =>
    unwrap(authenticatedApi.POST("/api/orders/{orderId}/deliver", { params: { path: { orderId } }, body: { parcelId: parcelId ?? null } })),
  );
}

export function useStaffCancel(orderId: string) {
  return useChange(() => unwrap(authenticatedApi.POST("/api/orders/{orderId}/cancel", { params: { path: { orderId } } })));
}

interface KeyedRefund {
  /** The same key is the same refund, however often it is sent. */
  key: string;
  refund: StaffRefund;
}

export function useRefund(orderId: string) {
  return useChange(({ key, refund }: KeyedRefund) =>
    unwrap(
      authenticatedApi.POST("/api/orders/{orderId}/refund", {
        params: { path: { orderId }, header: { "Idempotency-Key": key } },
        body: refund,
      }),
    ),
  );
}

function useChange<Given>(change: (given: Given) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    // Also after an error: somebody else may have changed the order meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: STAFF_ORDERS_KEY }),
  });
}
