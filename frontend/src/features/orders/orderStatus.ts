/** Labels of the statuses of orders. */
import type { Order } from "@/api/types";

export type OrderStatus = Order["status"];

export const STATUS_LABELS: Record<OrderStatus, string> = {
  PROCESSING: "Being prepared",
  PARTIALLY_SHIPPED: "Partly on its way",
  SHIPPED: "On its way",
  DELIVERED: "Delivered",
  CANCELLED: "Cancelled",
  REFUND_PENDING: "Cancelled, refund delayed",
  REFUNDED: "Cancelled, money given back",
};

export const TIMELINE_LABELS: Record<OrderStatus, string> = {
  PROCESSING: "Ordered and paid",
  PARTIALLY_SHIPPED: "Partly sent",
  SHIPPED: "Sent",
  DELIVERED: "Delivered",
  CANCELLED: "Cancelled",
  REFUND_PENDING: "Refund delayed: we keep trying, you need not do anything",
  REFUNDED: "Money given back",
};

/** The statuses that are expected to follow. */
export const EXPECTED_STATUSES: Record<OrderStatus, readonly OrderStatus[]> = {
  PROCESSING: ["SHIPPED", "DELIVERED"],
  PARTIALLY_SHIPPED: ["SHIPPED", "DELIVERED"],
  SHIPPED: ["DELIVERED"],
  DELIVERED: [],
  CANCELLED: ["REFUNDED"],
  REFUND_PENDING: ["REFUNDED"],
  REFUNDED: [],
};
