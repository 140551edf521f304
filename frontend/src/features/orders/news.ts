/** An order that moves is shown as it is, on whatever page the shopper has open. */
import type { QueryClient } from "@tanstack/react-query";

import type { OrderMoved } from "@/api/messages";
import { tell } from "@/components/toasts";
import { isChatOpen } from "@/features/chat/opened";
import { hear, hold } from "@/features/live/live";
import { ORDERS_KEY } from "@/features/orders/queries";

/** What the shopper did not do themselves. */
const TOLD = new Set(["OrderShipped", "OrderDelivered"]);

/** Hear of the orders of who is signed in, until it is over. */
export function hearOfOrders(client: QueryClient, over: AbortSignal): void {
  if (over.aborted) return;
  const readAgain = () => void client.invalidateQueries({ queryKey: ORDERS_KEY });
  const release = hold();
  const unhear = hear({
    message: (message) => {
      if (message.type !== "event") return;
      readAgain();
      toast(message);
    },
    restored: readAgain,
  });
  over.addEventListener("abort", () => {
    unhear();
    release();
  });
}

function toast({ detailType, message, data }: OrderMoved): void {
  if (!TOLD.has(detailType) || isChatOpen()) return;
  tell(message, typeof data.orderId === "string" ? { action: { label: "See the order", to: `/orders/${data.orderId}` } } : {});
}
