/** Updates the orders on the page when their status changes. */
import type { QueryClient } from "@tanstack/react-query";

import type { OrderMoved } from "@/api/messages";
import { path } from "@/components/path";
import { showToast } from "@/components/toast";
import { isChatOpen } from "@/features/chat/openState";
import { ORDERS_KEY } from "@/features/orders/queries";
import { openConnection, subscribeToMessages } from "@/features/realtime/connection";

/** Events that the shopper has not caused. */
const TOAST_EVENTS = new Set(["OrderShipped", "ParcelDelivered", "OrderDelivered"]);

/** Follows the events of the shopper's orders until the signal aborts. */
export function watchOrders(client: QueryClient, signal: AbortSignal): void {
  if (signal.aborted) return;
  const refetch = () => void client.invalidateQueries({ queryKey: ORDERS_KEY });
  const closeConnection = openConnection();
  const unsubscribe = subscribeToMessages({
    onMessage: (message) => {
      if (message.type !== "event") return;
      refetch();
      showOrderToast(message);
    },
    onRestored: refetch,
  });
  signal.addEventListener("abort", () => {
    unsubscribe();
    closeConnection();
  });
}

function showOrderToast({ detailType, message, data }: OrderMoved): void {
  if (!TOAST_EVENTS.has(detailType) || isChatOpen()) return;
  showToast(message, typeof data.orderId === "string" ? { action: { label: "See the order", to: path`/orders/${data.orderId}` } } : {});
}
