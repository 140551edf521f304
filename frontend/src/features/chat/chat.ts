/** The conversation of this page: what the shopper does is sent, and what is heard changes it. */
import { useSyncExternalStore } from "react";

import { currentSession, subscribe as subscribeToSession } from "@/features/auth/session";
import { type Action, type Conversation, next, NOTHING_SAID } from "@/features/chat/conversation";
import { forgetConversation, keepConversation, keptConversation } from "@/features/chat/kept";
import { hear, say } from "@/features/live/live";

/** The assistant gives up on an answer before. */
const SILENCE_MS = 60_000;

let conversation = NOTHING_SAID;
let silence: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function useConversation(): Conversation {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => conversation,
  );
}

/** Ask something. While a stopped answer has not ended it waits. */
export function ask(text: string): void {
  const question = text.trim();
  if (question === "" || conversation.phase === "answering") return;
  if (conversation.phase === "stopping") {
    change({ type: "queued", text: question });
    return;
  }
  const conversationId = conversation.id ?? crypto.randomUUID();
  keepConversation({ conversationId, owner });
  change({ type: "asked", id: crypto.randomUUID(), conversationId, text: question });
  void say({ action: "sendMessage", conversationId, text: question });
}

export function stop(): void {
  change({ type: "stopped" });
  void say({ action: "stop" });
}

export function decide(proposalId: string, accept: boolean): void {
  change({ type: "decided", proposalId });
  void say({ action: "confirm", proposalId, accept });
}

/** Read what was said, after a reload or where something may have been missed. */
export function recall(): void {
  const conversationId = conversation.id;
  if (conversationId === null) return;
  change({ type: "recalling", conversationId });
  void say({ action: "history", conversationId });
}

export function beginAnew(): void {
  if (conversation.phase !== "idle") void say({ action: "stop" });
  forgetConversation();
  change({ type: "begunAnew" });
}

function change(action: Action): void {
  const before = conversation;
  conversation = next(conversation, action);
  if (conversation === before) return;
  clearTimeout(silence);
  if (conversation.phase !== "idle") silence = setTimeout(() => change({ type: "lost" }), SILENCE_MS);
  listeners.forEach((listener) => listener());
  if (conversation.phase === "idle" && conversation.queued !== null) ask(conversation.queued);
}

/** Undefined until it is known who is here. */
let owner: string | null | undefined;

/** What one shopper has said is not for the next. A visitor who signs in goes on with the conversation. */
function meet(): void {
  const session = currentSession();
  if (session.status === "unknown") return;
  const here = session.status === "signedIn" ? session.userId : null;
  if (here === owner) return;
  const isOther = owner !== null && owner !== undefined;
  owner = here;
  if (isOther) {
    forgetConversation();
    change({ type: "begunAnew" });
  } else if (conversation.id !== null) {
    keepConversation({ conversationId: conversation.id, owner });
  } else {
    const kept = keptConversation(owner);
    if (kept === null) return;
    change({ type: "recalling", conversationId: kept });
    recall();
  }
}

hear({
  message: (message) => change({ type: "heard", message, now: Date.now() }),
  lost: () => change({ type: "lost" }),
  restored: recall,
});
subscribeToSession(meet);
meet();
