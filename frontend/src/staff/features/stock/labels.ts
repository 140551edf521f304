import type { BadgeTone } from "@/staff/components/Badge";
import type { AdjustmentReason, Movement, SupplyLevel } from "@/staff/features/stock/queries";

export const LEVELS: Record<SupplyLevel, { label: string; tone: BadgeTone }> = {
  OUT: { label: "Out of stock", tone: "bad" },
  LOW: { label: "Low", tone: "waiting" },
  ENOUGH: { label: "Enough", tone: "good" },
};

export const REASONS: readonly (readonly [AdjustmentReason, string])[] = [
  ["RECEIVED", "Goods received"],
  ["FOUND", "Found"],
  ["DAMAGED", "Damaged"],
  ["LOST", "Lost"],
  ["CORRECTION", "Correction"],
];

const KINDS: Record<Movement["kind"], string> = {
  FIRST: "First stock",
  COUNTED: "Counted",
  ADJUSTED: "Adjusted",
  ORDERED: "Ordered",
  CANCELLED: "Order cancelled",
  RETURNED: "Sent back",
  UNSENT: "Refunded, not sent",
  OTHER: "Changed",
};

/** Returns what has moved the units: "Adjusted: damaged". */
export function nameMovement({ kind, reason }: Movement): string {
  const named = REASONS.find(([code]) => code === reason)?.[1] ?? reason;
  return named ? `${KINDS[kind]}: ${named.toLowerCase()}` : KINDS[kind];
}

/** Returns a change with its sign: "+3", "−2". */
export function signed(change: number): string {
  return change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "0";
}
