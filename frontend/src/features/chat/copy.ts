/** Texts of the assistant. */

const TOOL_LABELS: Record<string, string> = {
  search_products: "Looking through the shop",
  get_product: "Looking at the product",
  get_order: "Looking at your order",
  list_orders: "Looking at your orders",
  propose_cart_change: "Preparing a proposal",
};

export function toolLabel(tool: string | null): string {
  return TOOL_LABELS[tool ?? ""] ?? "Thinking";
}

export const SUGGESTIONS = {
  visitor: [
    "Something for the garden under $40",
    "How long does delivery take?",
    "How long do I have to return something?",
  ],
  shopper: ["Where is my order?", "Something for the garden under $40", "How long do I have to return something?"],
};
