/** The words for where an order stands. */
import type { Order } from "@/api/types";

export type Status = Order["status"];

export const STATUS: Record<Status, string> = {
  PROCESSING: "Being prepared",
  SHIPPED: "On its way",
  DELIVERED: "Delivered",
  CANCELLED: "Cancelled",
  REFUNDED: "Cancelled, money given back",
};

/** What has happened, as the timeline tells it. */
export const STEPS: Record<Status, string> = {
  PROCESSING: "Ordered and paid",
  SHIPPED: "Sent",
  DELIVERED: "Delivered",
  CANCELLED: "Cancelled",
  REFUNDED: "Money given back",
};

/** What is expected to follow. */
export const AHEAD: Record<Status, readonly Status[]> = {
  PROCESSING: ["SHIPPED", "DELIVERED"],
  SHIPPED: ["DELIVERED"],
  DELIVERED: [],
  CANCELLED: ["REFUNDED"],
  REFUNDED: [],
};

/** An order's number as people read it to each other: the whole of it is in the address and in the e-mail. */
export function numberOf({ orderId }: Pick<Order, "orderId">): string {
  return orderId.toUpperCase();
}
