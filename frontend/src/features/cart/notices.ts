/** The words for what the server notes of a line of the cart. */
import type { CartNotice } from "@/api/types";
import { formatted } from "@/components/money";

export function sentenceOfNotice({ code, previousPrice, available }: CartNotice): string {
  switch (code) {
    case "UNAVAILABLE":
      return "No longer sold. It does not count in the total.";
    case "OUT_OF_STOCK":
      return available ? `Only ${available} left.` : "Sold out.";
    case "PRICE_CHANGED":
      return previousPrice ? `The price has changed. It was ${formatted(previousPrice)}.` : "The price has changed.";
    case "LOW_STOCK":
      return `Only ${available ?? "a few"} left.`;
  }
}

/** Whether the line cannot be bought as it is. */
export function isInTheWay(notice: CartNotice | null | undefined): boolean {
  return notice?.code === "UNAVAILABLE" || notice?.code === "OUT_OF_STOCK";
}
