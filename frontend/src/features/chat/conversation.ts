/** A conversation as it is shown, and how each message changes it. Pure: nothing is sent or stored here. */
import type { Card, Failure, History, OrderMoved, Outgoing, Proposal, Source } from "@/api/messages";

export interface Standing {
  status: "open" | "deciding" | "accepted" | "declined" | "refused" | "expired";
  /** What to know of it. */
  message: string | null;
}

/** What an answer consists of, in the order in which it came. */
export type Part =
  | { kind: "text"; text: string }
  | { kind: "products"; items: readonly Card[] }
  | { kind: "proposal"; proposal: Proposal; standing: Standing };

export interface Trouble {
  code: string;
  message: string;
  /** When to ask again, in milliseconds of this device's clock. */
  retryAt: number | null;
}

export interface Question {
  kind: "question";
  id: string;
  text: string;
}

export interface Answer {
  kind: "answer";
  id: string;
  parts: readonly Part[];
  sources: readonly Source[];
  /** What is being looked up. */
  tool: string | null;
  ending: "coming" | "whole" | "stopped" | "broken";
  trouble: Trouble | null;
}

export interface News {
  kind: "news";
  id: string;
  text: string;
  orderId: string | null;
}

export type Entry = Question | Answer | News;

export interface Conversation {
  /** Null before the first question. */
  id: string | null;
  entries: readonly Entry[];
  /** `stopping`: the shopper wants no more of the answer, and the assistant does not yet know. */
  phase: "idle" | "answering" | "stopping";
  /** A question that waits until the stopped answer has ended. */
  queued: string | null;
  /** Whether what was said before a reload is being read. */
  recall: "none" | "reading" | "failed";
  /** Who answers, as far as it is known. */
  model: string | null;
}

export type Action =
  | { type: "asked"; id: string; conversationId: string; text: string }
  | { type: "queued"; text: string }
  | { type: "stopped" }
  | { type: "decided"; proposalId: string }
  | { type: "recalling"; conversationId: string }
  | { type: "heard"; message: Outgoing; now: number }
  /** What is under way will not be answered. */
  | { type: "lost" }
  | { type: "begunAnew" };

export const NOTHING_SAID: Conversation = {
  id: null,
  entries: [],
  phase: "idle",
  queued: null,
  recall: "none",
  model: null,
};

const LOST: Trouble = {
  code: "LOST",
  message: "The connection was lost before the answer was whole.",
  retryAt: null,
};
const UNSEEN = "The connection was lost, so it is not known whether that worked. Look into your cart before you try again.";
/** They are about a decision, whatever else is under way. */
const OF_DECISIONS = new Set(["NOT_FOUND", "DECIDED", "UNCERTAIN"]);

export function next(conversation: Conversation, action: Action): Conversation {
  switch (action.type) {
    case "asked":
      return {
        ...conversation,
        id: action.conversationId,
        phase: "answering",
        queued: null,
        entries: [
          ...conversation.entries,
          { kind: "question", id: action.id, text: action.text },
          { kind: "answer", id: `${action.id}-answer`, parts: [], sources: [], tool: null, ending: "coming", trouble: null },
        ],
      };
    case "queued":
      return { ...conversation, queued: action.text };
    case "stopped":
      if (conversation.phase !== "answering") return conversation;
      return { ...withAnswer(conversation, (answer) => ({ ...answer, tool: null, ending: "stopped" })), phase: "stopping" };
    case "decided":
      return withStanding(conversation, action.proposalId, { status: "deciding", message: null });
    case "recalling":
      return { ...conversation, id: action.conversationId, recall: "reading" };
    case "heard":
      return heard(conversation, action.message, action.now);
    case "lost":
      return lost(conversation);
    case "begunAnew":
      return { ...NOTHING_SAID, model: conversation.model };
  }
}

/** The answer that is coming, or came last. */
export function lastAnswer({ entries }: Conversation): Answer | undefined {
  return entries.findLast((entry): entry is Answer => entry.kind === "answer");
}

function heard(conversation: Conversation, message: Outgoing, now: number): Conversation {
  if (message.type === "event") return withNews(conversation, newsOf(message));
  if (message.type === "error") return failed(conversation, message, now);
  if (message.type === "pong" || message.conversationId !== conversation.id) return conversation;
  if (message.type === "history") return recalled(conversation, message);
  if (message.type === "outcome") {
    const status = OUTCOMES[message.status];
    return withStanding(conversation, message.proposalId, { status, message: message.message });
  }
  if (message.type === "done") {
    const ending = message.stopped ? "stopped" : "whole";
    return { ...withAnswer(conversation, (answer) => ({ ...answer, tool: null, ending })), phase: "idle", model: message.model };
  }
  if (conversation.phase !== "answering") return conversation;
  return withAnswer(conversation, (answer) => {
    switch (message.type) {
      case "working":
        return { ...answer, tool: message.tool };
      case "delta":
        return { ...answer, tool: null, parts: withText(answer.parts, message.text) };
      case "products":
        return { ...answer, parts: [...answer.parts, { kind: "products", items: message.items }] };
      case "proposal":
        return {
          ...answer,
          parts: [...answer.parts, { kind: "proposal", proposal: message, standing: { status: "open", message: null } }],
        };
      case "sources":
        return { ...answer, sources: message.items };
    }
  });
}

const OUTCOMES = { ACCEPTED: "accepted", DECLINED: "declined", REFUSED: "refused", EXPIRED: "expired" } as const;

function failed(conversation: Conversation, failure: Failure, now: number): Conversation {
  const { code, message, conversationId, retryAfterSeconds } = failure;
  if (conversationId !== null && conversationId !== conversation.id) return conversation;
  if (OF_DECISIONS.has(code) || conversation.phase === "idle") {
    if (conversation.recall === "reading" && !OF_DECISIONS.has(code)) return { ...conversation, recall: "failed" };
    // What is decided stays so; of the others it is not known, and to try again changes nothing twice.
    return withDeciding(conversation, { status: code === "DECIDED" || code === "NOT_FOUND" ? "refused" : "open", message });
  }
  if (conversation.phase === "stopping") return { ...conversation, phase: "idle" };
  const trouble = { code, message, retryAt: retryAfterSeconds === null ? null : now + retryAfterSeconds * 1000 };
  return { ...withAnswer(conversation, (answer) => ({ ...answer, tool: null, ending: "broken", trouble })), phase: "idle" };
}

function lost(conversation: Conversation): Conversation {
  const recall = conversation.recall === "reading" ? "failed" : conversation.recall;
  const decided = withDeciding({ ...conversation, recall, phase: "idle" }, { status: "open", message: UNSEEN });
  if (conversation.phase !== "answering") return decided;
  return withAnswer(decided, (answer) => ({ ...answer, tool: null, ending: "broken", trouble: LOST }));
}

/** After a reload all that was said; after a lost connection what has moved meanwhile. */
function recalled(conversation: Conversation, { turns, conversationId }: History): Conversation {
  const said = turns.map((turn, index): Entry => {
    const id = `${conversationId}-${index}`;
    if (turn.role === "shopper") return { kind: "question", id, text: turn.text };
    if (turn.role === "event") return { kind: "news", id, text: turn.text, orderId: null };
    const parts: Part[] = [
      ...(turn.products.length > 0 ? [{ kind: "products", items: turn.products } as const] : []),
      ...(turn.text ? [{ kind: "text", text: turn.text } as const] : []),
    ];
    const ending = turn.whole ? "whole" : "broken";
    return { kind: "answer", id, parts, sources: turn.sources, tool: null, ending, trouble: null };
  });
  const { entries } = conversation;
  const isFirst = entries.every(({ kind }) => kind === "news");
  const [before, after] = isFirst ? [said, entries] : [entries, said.filter(({ kind }) => kind === "news")];
  const known = new Set(before.map((entry) => (entry.kind === "news" ? entry.text : null)));
  const more = after.filter((entry) => entry.kind !== "news" || !known.has(entry.text));
  return { ...conversation, recall: "none", entries: [...before, ...more] };
}

function newsOf({ eventId, message, data }: OrderMoved): News {
  return { kind: "news", id: eventId, text: message, orderId: typeof data.orderId === "string" ? data.orderId : null };
}

/** The same event may come twice. */
function withNews(conversation: Conversation, news: News): Conversation {
  if (conversation.entries.some(({ id }) => id === news.id)) return conversation;
  return { ...conversation, entries: [...conversation.entries, news] };
}

function withText(parts: readonly Part[], text: string): readonly Part[] {
  const last = parts.at(-1);
  return last?.kind === "text"
    ? [...parts.slice(0, -1), { kind: "text", text: last.text + text }]
    : [...parts, { kind: "text", text }];
}

function withAnswer(conversation: Conversation, change: (answer: Answer) => Answer): Conversation {
  const last = lastAnswer(conversation);
  return { ...conversation, entries: conversation.entries.map((entry) => (entry === last ? change(last) : entry)) };
}

function withStanding(conversation: Conversation, proposalId: string, standing: Standing): Conversation {
  return withProposals(conversation, (part) => (part.proposal.proposalId === proposalId ? { ...part, standing } : part));
}

function withDeciding(conversation: Conversation, standing: Standing): Conversation {
  return withProposals(conversation, (part) => (part.standing.status === "deciding" ? { ...part, standing } : part));
}

type ProposalPart = Extract<Part, { kind: "proposal" }>;

function withProposals(conversation: Conversation, change: (part: ProposalPart) => ProposalPart): Conversation {
  const entries = conversation.entries.map((entry) => {
    if (entry.kind !== "answer" || !entry.parts.some(({ kind }) => kind === "proposal")) return entry;
    return { ...entry, parts: entry.parts.map((part) => (part.kind === "proposal" ? change(part) : part)) };
  });
  return { ...conversation, entries };
}
