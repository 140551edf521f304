import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, publicApi, unwrap } from "@/api/client";
import type { WithdrawalRequest } from "@/api/types";
import { ORDERS_KEY } from "@/features/orders/queries";

/** Whoever has the link of a mail, or the shopper who is signed in. */
export type OrderAccess = { token: string } | { orderId: string };

/** Not below `"me"`: it belongs to the link, and stays when a shopper signs out. */
const linkKey = (token: string) => ["order-link", token];

export function linkedOrderQuery(token: string) {
  return queryOptions({
    queryKey: linkKey(token),
    queryFn: ({ signal }) => unwrap(publicApi.GET("/api/order-links/{token}", { params: { path: { token } }, signal })),
  });
}

export function useCancelLinkedOrder(token: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(publicApi.POST("/api/order-links/{token}/cancel", { params: { path: { token } } })),
    // Also after an error: the order may have been shipped meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: linkKey(token) }),
  });
}

export function returnsQuery(access: OrderAccess) {
  return queryOptions({
    queryKey: "token" in access ? [...linkKey(access.token), "returns"] : [...ORDERS_KEY, access.orderId, "returns"],
    queryFn: ({ signal }) =>
      "token" in access
        ? unwrap(publicApi.GET("/api/order-links/{token}/returns", { params: { path: { token: access.token } }, signal }))
        : unwrap(authenticatedApi.GET("/api/orders/{orderId}/returns", { params: { path: { orderId: access.orderId } }, signal })),
  });
}

/** The first step. The answer does not tell whether there is such an order. */
export function declareWithdrawal(body: WithdrawalRequest) {
  return unwrap(publicApi.POST("/api/withdrawals", { body }));
}

/** The second step: what counts. Repeated, it answers with the first moment. */
export function confirmWithdrawal(withdrawalId: string) {
  return unwrap(publicApi.POST("/api/withdrawals/{withdrawalId}/confirm", { params: { path: { withdrawalId } } }));
}

/** Gets the slip of a return and opens it. The browser sends no token with a link, so it is fetched. */
export async function fetchSlip(access: OrderAccess, returnId: string): Promise<Blob> {
  const answer =
    "token" in access
      ? publicApi.GET("/api/order-links/{token}/returns/{returnId}/slip", { params: { path: { token: access.token, returnId } }, parseAs: "blob" })
      : authenticatedApi.GET("/api/orders/{orderId}/returns/{returnId}/slip", { params: { path: { orderId: access.orderId, returnId } }, parseAs: "blob" });
  return unwrap(answer as Promise<{ data?: Blob; error?: unknown; response: Response }>);
}
