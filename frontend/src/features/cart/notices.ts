/** Messages for the notices of cart lines. */
import type { CartNotice } from "@/api/types";
import { formatMoney } from "@/components/money";

export function getNoticeMessage({ code, previousPrice, available }: CartNotice): string {
  switch (code) {
    case "UNAVAILABLE":
      return "No longer sold. It does not count in the total.";
    case "OUT_OF_STOCK":
      return available ? `Only ${available} left.` : "Sold out.";
    case "PRICE_CHANGED":
      return previousPrice ? `The price has changed. It was ${formatMoney(previousPrice)}.` : "The price has changed.";
    case "LOW_STOCK":
      return `Only ${available ?? "a few"} left.`;
  }
}

/** Returns whether a notice prevents checkout. */
export function isBlocking(notice: CartNotice | null | undefined): boolean {
  return notice?.code === "UNAVAILABLE" || notice?.code === "OUT_OF_STOCK";
}
