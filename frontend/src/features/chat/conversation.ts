/** The state of a conversation and its reducer. Pure: sends and stores nothing. */
import type { Card, Failure, History, OrderMoved, Outgoing, Proposal, Source } from "@/api/messages";

export interface ProposalState {
  status: "open" | "deciding" | "accepted" | "declined" | "refused" | "expired";
  message: string | null;
}

/** A part of an answer, in the order of arrival. */
export type AnswerPart =
  | { kind: "text"; text: string }
  | { kind: "products"; items: readonly Card[] }
  | { kind: "proposal"; proposal: Proposal; state: ProposalState };

export interface AnswerError {
  code: string;
  message: string;
  /** Earliest time to ask again, in milliseconds since the epoch. */
  retryAt: number | null;
}

interface Question {
  kind: "question";
  id: string;
  text: string;
}

export interface Answer {
  kind: "answer";
  id: string;
  parts: readonly AnswerPart[];
  sources: readonly Source[];
  /** The tool that is running. */
  tool: string | null;
  status: "streaming" | "complete" | "stopped" | "interrupted";
  error: AnswerError | null;
}

interface OrderNotification {
  kind: "notification";
  id: string;
  text: string;
  orderId: string | null;
}

export type ConversationEntry = Question | Answer | OrderNotification;

export interface Conversation {
  /** Null before the first question. */
  id: string | null;
  entries: readonly ConversationEntry[];
  /** `stopping`: the shopper has stopped the answer, or left its conversation, and the assistant has not confirmed it yet. */
  phase: "idle" | "answering" | "stopping";
  /** A question that is sent once the stopped answer has ended. */
  queued: string | null;
  history: "idle" | "loading" | "failed";
  /** Whether `entries` has all that was said before this page was loaded. */
  isHistoryLoaded: boolean;
  /** The model of the last answer. */
  model: string | null;
}

export type ConversationAction =
  | { type: "asked"; id: string; conversationId: string; text: string }
  | { type: "queued"; text: string }
  | { type: "stopped" }
  | { type: "decided"; proposalId: string }
  | { type: "historyRequested"; conversationId: string }
  | { type: "messageReceived"; message: Outgoing; now: number }
  /** Pending requests will not be answered. */
  | { type: "connectionLost" }
  | { type: "reset" };

export const EMPTY_CONVERSATION: Conversation = {
  id: null,
  entries: [],
  phase: "idle",
  queued: null,
  history: "idle",
  isHistoryLoaded: true,
  model: null,
};

const CONNECTION_LOST: AnswerError = {
  code: "LOST",
  message: "The connection was lost before the answer was whole.",
  retryAt: null,
};
const DECISION_UNCERTAIN = "The connection was lost, so it is not known whether that worked. Look into your cart before you try again.";
/** Codes of errors that concern a decision on a proposal, also while an answer is streaming. */
const DECISION_ERRORS = new Set(["NOT_FOUND", "DECIDED", "UNCERTAIN"]);

export function conversationReducer(conversation: Conversation, action: ConversationAction): Conversation {
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
          { kind: "answer", id: `${action.id}-answer`, parts: [], sources: [], tool: null, status: "streaming", error: null },
        ],
      };
    case "queued":
      return { ...conversation, queued: action.text };
    case "stopped":
      if (conversation.phase !== "answering") return conversation;
      return { ...withLastAnswer(conversation, (answer) => ({ ...answer, tool: null, status: "stopped" })), phase: "stopping" };
    case "decided":
      return withProposalState(conversation, action.proposalId, { status: "deciding", message: null });
    case "historyRequested":
      return {
        ...conversation,
        id: action.conversationId,
        history: "loading",
        isHistoryLoaded: conversation.isHistoryLoaded && conversation.id === action.conversationId,
      };
    case "messageReceived":
      return receiveMessage(conversation, action.message, action.now);
    case "connectionLost":
      return loseConnection(conversation);
    case "reset":
      return { ...EMPTY_CONVERSATION, phase: conversation.phase === "idle" ? "idle" : "stopping", model: conversation.model };
  }
}

/** Returns the latest answer, which may still be streaming. */
export function getLastAnswer({ entries }: Conversation): Answer | undefined {
  return entries.findLast((entry): entry is Answer => entry.kind === "answer");
}

function receiveMessage(conversation: Conversation, message: Outgoing, now: number): Conversation {
  if (message.type === "event") return withNotification(conversation, toNotification(message));
  if (message.type === "error") return receiveError(conversation, message, now);
  // A connection has one answer at a time: this is the one of the conversation that was left.
  if (message.type === "done" && conversation.phase === "stopping" && conversation.id === null) return { ...conversation, phase: "idle" };
  if (message.type === "pong" || message.conversationId !== conversation.id) return conversation;
  if (message.type === "history") return mergeHistory(conversation, message);
  if (message.type === "outcome") {
    const status = PROPOSAL_STATUS[message.status];
    return withProposalState(conversation, message.proposalId, { status, message: message.message });
  }
  if (message.type === "done") {
    const status = message.stopped ? "stopped" : "complete";
    return { ...withLastAnswer(conversation, (answer) => ({ ...answer, tool: null, status })), phase: "idle", model: message.model };
  }
  if (conversation.phase !== "answering") return conversation;
  return withLastAnswer(conversation, (answer) => {
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
          parts: [...answer.parts, { kind: "proposal", proposal: message, state: { status: "open", message: null } }],
        };
      case "sources":
        return { ...answer, sources: message.items };
    }
  });
}

const PROPOSAL_STATUS = { ACCEPTED: "accepted", DECLINED: "declined", REFUSED: "refused", EXPIRED: "expired" } as const;

function receiveError(conversation: Conversation, failure: Failure, now: number): Conversation {
  const { code, message, conversationId, retryAfterSeconds } = failure;
  if (conversationId !== null && conversation.id !== null && conversationId !== conversation.id) return conversation;
  if (DECISION_ERRORS.has(code) || conversation.phase === "idle") {
    if (conversation.history === "loading" && !DECISION_ERRORS.has(code)) return { ...conversation, history: "failed" };
    // The result of other decisions is unknown. Deciding again is safe: a proposal is applied once.
    return withPendingDecisions(conversation, { status: code === "DECIDED" || code === "NOT_FOUND" ? "refused" : "open", message });
  }
  if (conversation.phase === "stopping") return { ...conversation, phase: "idle" };
  const answerError = { code, message, retryAt: retryAfterSeconds === null ? null : now + retryAfterSeconds * 1000 };
  return { ...withLastAnswer(conversation, (answer) => ({ ...answer, tool: null, status: "interrupted", error: answerError })), phase: "idle" };
}

function loseConnection(conversation: Conversation): Conversation {
  const history = conversation.history === "loading" ? "failed" : conversation.history;
  const idle = withPendingDecisions({ ...conversation, history, phase: "idle" }, { status: "open", message: DECISION_UNCERTAIN });
  if (conversation.phase !== "answering") return idle;
  return withLastAnswer(idle, (answer) => ({ ...answer, tool: null, status: "interrupted", error: CONNECTION_LOST }));
}

/** Adds what was said before this page was loaded; after a lost connection only the order notifications. */
function mergeHistory(conversation: Conversation, { turns, conversationId }: History): Conversation {
  const historyEntries = turns.map((turn, index): ConversationEntry => {
    const id = `${conversationId}-${index}`;
    if (turn.role === "shopper") return { kind: "question", id, text: turn.text };
    if (turn.role === "event") return { kind: "notification", id, text: turn.text, orderId: null };
    const parts: AnswerPart[] = [
      ...(turn.products.length > 0 ? [{ kind: "products", items: turn.products } as const] : []),
      ...(turn.text ? [{ kind: "text", text: turn.text } as const] : []),
    ];
    const status = turn.whole ? "complete" : "interrupted";
    return { kind: "answer", id, parts, sources: turn.sources, tool: null, status, error: null };
  });
  const earlierCount = conversation.isHistoryLoaded ? 0 : countEarlierEntries(historyEntries, conversation.entries);
  const earlier = historyEntries.slice(0, earlierCount);
  const missed = historyEntries.slice(earlierCount).filter(({ kind }) => kind === "notification");
  const entries = withoutRepeatedNotifications([...earlier, ...conversation.entries, ...missed]);
  return { ...conversation, history: "idle", isHistoryLoaded: true, entries };
}

/** Returns how many entries of the history precede the questions of this page, of which it may contain the first ones. */
function countEarlierEntries(history: readonly ConversationEntry[], entries: readonly ConversationEntry[]): number {
  const asked = entries.filter((entry) => entry.kind === "question");
  const stored = history.filter((entry) => entry.kind === "question");
  for (let count = Math.min(asked.length, stored.length); count > 0; count -= 1) {
    const last = stored.slice(-count);
    if (last.every(({ text }, index) => text === asked[index]?.text)) return history.findIndex((entry) => entry === last[0]);
  }
  return history.length;
}

/** The history has notifications without the ids of their events. */
function withoutRepeatedNotifications(entries: readonly ConversationEntry[]): ConversationEntry[] {
  const texts = new Set<string>();
  return entries.filter((entry) => {
    if (entry.kind !== "notification") return true;
    const isNew = !texts.has(entry.text);
    texts.add(entry.text);
    return isNew;
  });
}

function toNotification({ eventId, message, data }: OrderMoved): OrderNotification {
  return { kind: "notification", id: eventId, text: message, orderId: typeof data.orderId === "string" ? data.orderId : null };
}

/** Adds a notification once: events may be delivered twice. */
function withNotification(conversation: Conversation, notification: OrderNotification): Conversation {
  if (conversation.entries.some(({ id }) => id === notification.id)) return conversation;
  return { ...conversation, entries: [...conversation.entries, notification] };
}

function withText(parts: readonly AnswerPart[], text: string): readonly AnswerPart[] {
  const last = parts.at(-1);
  return last?.kind === "text"
    ? [...parts.slice(0, -1), { kind: "text", text: last.text + text }]
    : [...parts, { kind: "text", text }];
}

function withLastAnswer(conversation: Conversation, change: (answer: Answer) => Answer): Conversation {
  const last = getLastAnswer(conversation);
  return { ...conversation, entries: conversation.entries.map((entry) => (entry === last ? change(last) : entry)) };
}

function withProposalState(conversation: Conversation, proposalId: string, state: ProposalState): Conversation {
  return mapProposals(conversation, (part) => (part.proposal.proposalId === proposalId ? { ...part, state } : part));
}

function withPendingDecisions(conversation: Conversation, state: ProposalState): Conversation {
  return mapProposals(conversation, (part) => (part.state.status === "deciding" ? { ...part, state } : part));
}

type ProposalPart = Extract<AnswerPart, { kind: "proposal" }>;

function mapProposals(conversation: Conversation, change: (part: ProposalPart) => ProposalPart): Conversation {
  const entries = conversation.entries.map((entry) => {
    if (entry.kind !== "answer" || !entry.parts.some(({ kind }) => kind === "proposal")) return entry;
    return { ...entry, parts: entry.parts.map((part) => (part.kind === "proposal" ? change(part) : part)) };
  });
  return { ...conversation, entries };
}
