/** The words for what the assistant does, and what is said of it to who hears the page. */
import { formatted } from "@/components/money";
import { type Answer, type Conversation, lastAnswer, type Part } from "@/features/chat/conversation";

const DOING: Record<string, string> = {
  search_products: "Looking through the shop",
  get_product: "Looking at the product",
  get_order: "Looking at your order",
  list_orders: "Looking at your orders",
  propose_cart_change: "Preparing a proposal",
};

export function doing(tool: string | null): string {
  return DOING[tool ?? ""] ?? "Thinking";
}

export const STARTERS = {
  visitor: [
    "Something for the garden under $40",
    "How long does delivery take?",
    "How long do I have to return something?",
  ],
  shopper: ["Where is my order?", "Something for the garden under $40", "How long do I have to return something?"],
};

/**
 * What to announce: that something is under way, and an answer once it is whole. Its pieces are not announced one by
 * one, and what was said before a reload is not announced again.
 */
export function spoken(conversation: Conversation): string {
  const last = conversation.entries.at(-1);
  if (!last || (conversation.id !== null && last.id.startsWith(conversation.id))) return "";
  if (last.kind === "news") return last.text;
  const answer = lastAnswer(conversation);
  if (!answer) return "";
  return answer.ending === "coming" ? `${doing(answer.tool)}.` : spokenAnswer(answer);
}

function spokenAnswer({ parts, ending, trouble }: Answer): string {
  const ended = ending === "stopped" ? ["Stopped."] : [];
  return [...parts.map(spokenPart), ...ended, ...(trouble ? [trouble.message] : [])].join(" ");
}

function spokenPart(part: Part): string {
  switch (part.kind) {
    case "text":
      return withoutMarks(part.text);
    case "products": {
      const named = part.items.map(({ name, price }) => `${name}, ${formatted(moneyOf(price))}`).join("; ");
      return part.items.length === 1 ? `1 product: ${named}.` : `${part.items.length} products: ${named}.`;
    }
    case "proposal":
      return `${part.proposal.summary}? There are buttons to agree or to decline.`;
  }
}

function withoutMarks(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*(#+|[-*]|>)\s+/gm, "")
    .replace(/[*_`]+/g, "")
    .replace(/\s*\n+\s*/g, " ")
    .trim();
}

/** Money as the shop has it; in a message of the chat the currency may be left out. */
export function moneyOf({ amount, currency = "USD" }: { amount: number; currency?: string }): { amount: number; currency: string } {
  return { amount, currency };
}
