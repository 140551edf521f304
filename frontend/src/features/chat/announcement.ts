import { formatMoney } from "@/components/money";
import { type Answer, type AnswerPart, type Conversation, getLastAnswer } from "@/features/chat/conversation";
import { toolLabel } from "@/features/chat/copy";
import { toMoney } from "@/features/chat/toMoney";

/**
 * Returns what screen readers announce: the progress of an answer, and its text once it is complete. Single deltas are not
 * announced, nor the history after a reload.
 */
export function getAnnouncement(conversation: Conversation): string {
  const last = conversation.entries.at(-1);
  if (!last || (conversation.id !== null && last.id.startsWith(conversation.id))) return "";
  if (last.kind === "notification") return last.text;
  const answer = getLastAnswer(conversation);
  if (!answer) return "";
  return answer.status === "streaming" ? `${toolLabel(answer.tool)}.` : announceAnswer(answer);
}

function announceAnswer({ parts, status, error }: Answer): string {
  const stopped = status === "stopped" ? ["Stopped."] : [];
  return [...parts.map(announcePart), ...stopped, ...(error ? [error.message] : [])].join(" ");
}

function announcePart(part: AnswerPart): string {
  switch (part.kind) {
    case "text":
      return stripMarkdown(part.text);
    case "products": {
      const products = part.items.map(({ name, price }) => `${name}, ${formatMoney(toMoney(price))}`).join("; ");
      return part.items.length === 1 ? `1 product: ${products}.` : `${part.items.length} products: ${products}.`;
    }
    case "proposal":
      return `${part.proposal.summary}? There are buttons to agree or to decline.`;
  }
}

function stripMarkdown(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*(#+|[-*]|>)\s+/gm, "")
    .replace(/[*_`]+/g, "")
    .replace(/\s*\n+\s*/g, " ")
    .trim();
}
