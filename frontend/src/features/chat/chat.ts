/** The conversation of this page: sends what the shopper does and applies the messages of the assistant. */
import { createStore, useStore } from "@/components/store";
import { getSession, subscribeToSession } from "@/features/auth/session";
import { type Conversation, type ConversationAction, conversationReducer, EMPTY_CONVERSATION } from "@/features/chat/conversation";
import { clearConversation, loadConversationId, saveConversation } from "@/features/chat/conversationStorage";
import { discardMessages, isConnected, sendMessage, subscribeToMessages } from "@/features/realtime/connection";

/** Longer than the assistant's own limit for an answer. */
const REPLY_TIMEOUT_MS = 60_000;

const store = createStore(EMPTY_CONVERSATION);
let replyTimer: ReturnType<typeof setTimeout> | undefined;

export const getConversation = store.get;

export function useConversation(): Conversation {
  return useStore(store);
}

/** Asks a question. It is queued until a stopped answer has ended, and until it is known whose conversation continues. */
export function ask(text: string): void {
  const conversation = store.get();
  const question = text.trim();
  if (question === "" || conversation.phase === "answering") return;
  if (conversation.phase === "stopping" || owner === undefined) {
    dispatch({ type: "queued", text: question });
    return;
  }
  const conversationId = conversation.id ?? crypto.randomUUID();
  saveConversation({ conversationId, owner });
  dispatch({ type: "asked", id: crypto.randomUUID(), conversationId, text: question });
  sendMessage({ action: "sendMessage", conversationId, text: question });
}

export function stop(): void {
  dispatch({ type: "stopped" });
  stopOnServer();
}

/** Without a connection there is no answer to stop: it has ended with its connection, or its question was not sent yet. */
function stopOnServer(): void {
  if (isConnected()) sendMessage({ action: "stop" });
  else giveUp();
}

/** Ends what waits for a reply. What was not sent yet must not be sent later, when the shopper may have asked again. */
function giveUp(): void {
  discardMessages();
  dispatch({ type: "connectionLost" });
}

export function decideProposal(proposalId: string, accept: boolean): void {
  dispatch({ type: "decided", proposalId });
  sendMessage({ action: "confirm", proposalId, accept });
}

/** Requests the history: after a reload, or if messages may have been missed. */
export function requestHistory(): void {
  const conversationId = store.get().id;
  if (conversationId !== null) requestHistoryOf(conversationId);
}

function requestHistoryOf(conversationId: string): void {
  dispatch({ type: "historyRequested", conversationId });
  sendMessage({ action: "history", conversationId });
}

export function startNewConversation(): void {
  if (store.get().phase !== "idle") stopOnServer();
  clearConversation();
  dispatch({ type: "reset" });
}

function dispatch(action: ConversationAction): void {
  const conversation = conversationReducer(store.get(), action);
  if (conversation === store.get()) return;
  clearTimeout(replyTimer);
  if (conversation.phase !== "idle") replyTimer = setTimeout(giveUp, REPLY_TIMEOUT_MS);
  store.set(conversation);
  askQueued();
}

function askQueued(): void {
  const { phase, queued } = store.get();
  if (phase === "idle" && queued !== null && owner !== undefined) ask(queued);
}

/** The user's id; null for a visitor, undefined until the session is known. */
let owner: string | null | undefined;

/** Clears the conversation when the shopper changes. It continues when a visitor signs in. */
function handleSessionChange(): void {
  const session = getSession();
  if (session.status === "unknown") return;
  const userId = session.status === "signedIn" ? session.userId : null;
  if (userId === owner) return;
  const conversation = store.get();
  const isOtherUser = owner !== null && owner !== undefined;
  owner = userId;
  if (isOtherUser) {
    clearConversation();
    dispatch({ type: "reset" });
  } else if (conversation.id !== null) {
    saveConversation({ conversationId: conversation.id, owner });
  } else {
    const conversationId = loadConversationId(owner);
    if (conversationId === null) askQueued();
    else requestHistoryOf(conversationId);
  }
}

subscribeToMessages({
  onMessage: (message) => dispatch({ type: "messageReceived", message, now: Date.now() }),
  onRepliesLost: () => dispatch({ type: "connectionLost" }),
  onRestored: requestHistory,
});
subscribeToSession(handleSessionChange);
handleSessionChange();
