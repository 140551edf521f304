/** Labels of the statuses of returns. */
import type { Return } from "@/api/types";

export type ReturnStatus = Return["status"];

export const RETURN_STATUS_LABELS: Record<ReturnStatus, string> = {
  REQUESTED: "Announced",
  RECEIVED: "Arrived, refund on its way",
  REFUNDED: "Money given back",
  CLOSED: "Closed",
};
