/**
 * The page's WebSocket connection, shared by the assistant and the order notifications. It is open while one of them
 * uses it, and reconnects when the shopper signs in or out.
 */
import { authenticatedApi, unwrap } from "@/api/client";
import type { Incoming, Outgoing } from "@/api/messages";
import { loadSettings } from "@/api/settings";
import { createStore, useStore } from "@/components/store";
import { getSession, getToken, subscribeToSession } from "@/features/auth/session";
import { RealtimeSocket, type SocketState } from "@/features/realtime/socket";

/** `unavailable`: this stage has no WebSocket. */
type ConnectionState = SocketState | "unavailable";

interface MessageHandlers {
  onMessage?: (message: Outgoing) => void;
  /** Pending requests will not be answered. */
  onRepliesLost?: () => void;
  /** The connection is open again: messages may have been missed. */
  onRestored?: () => void;
}

const subscribers = new Set<MessageHandlers>();
const state = createStore<ConnectionState>("closed");
let wasLost = false;
let openCount = 0;

/** The user of the connection; null for a visitor, undefined before the first attempt to connect. */
let connectedUserId: string | null | undefined;
let connectedToken: string | null = null;
/** Sent again if the token had expired. */
let lastSent: Incoming | null = null;
/** Messages are sent in their order, although some wait for a token. */
let sending: Promise<void> = Promise.resolve();
/** A message that waits is dropped if this has changed meanwhile. */
let discardCount = 0;

const socket = new RealtimeSocket({
  getUrl: getSocketUrl,
  onMessage: handleMessage,
  onStateChange: setState,
  onRepliesLost: handleRepliesLost,
});

/** Opens the connection. Returns a function to close it, which takes effect when all its users have called it. */
export function openConnection(): () => void {
  openCount += 1;
  if (openCount === 1) void connect();
  return () => {
    openCount -= 1;
    if (openCount === 0) socket.close();
  };
}

export function subscribeToMessages(handlers: MessageHandlers): () => void {
  subscribers.add(handlers);
  return () => subscribers.delete(handlers);
}

/** Sends a message; queues it while the connection is not open. On a stage without a WebSocket its reply is lost at once. */
export function sendMessage(message: Incoming): void {
  if (state.get() === "unavailable") {
    handleRepliesLost();
    return;
  }
  const count = discardCount;
  sending = sending.then(async () => {
    // A connection lasts up to two hours, a token one hour. Other messages may belong to an answer that is streaming, which
    // a new connection would end; their token is renewed if it is refused.
    const isRenewed = message.action === "sendMessage" && (await hasNewToken());
    if (count !== discardCount) return;
    lastSent = message.action === "stop" ? null : message;
    if (isRenewed) socket.reconnect();
    socket.send(message);
  });
}

/** Drops the messages that have not been sent yet. Their replies count as lost already. */
export function discardMessages(): void {
  discardCount += 1;
  sending = Promise.resolve();
  lastSent = null;
  socket.discardQueue();
}

export function isConnected(): boolean {
  return state.get() === "open";
}

/** Reconnects now instead of after the delay. */
export function retryNow(): void {
  if (state.get() === "unavailable") void connect();
  else socket.check();
}

export function useConnectionState(): ConnectionState {
  return useStore(state);
}

async function connect(): Promise<void> {
  const settings = await loadSettings().catch(() => null);
  if (settings && !settings.ws) {
    setState("unavailable");
    discardMessages();
    handleRepliesLost();
  } else if (openCount > 0) socket.open();
}

/** Returns whether the token of the open connection is not the current one any more. */
async function hasNewToken(): Promise<boolean> {
  if (socket.state !== "open" || connectedToken === null) return false;
  return (await getToken(false).catch(() => connectedToken)) !== connectedToken;
}

async function getSocketUrl(refreshToken: boolean): Promise<string> {
  const { ws } = await loadSettings();
  if (!ws) throw new Error("this stage has no WebSocket");
  connectedToken = await getToken(refreshToken);
  connectedUserId = getUserId();
  const url = new URL(ws, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  // Not the token itself: addresses are written into logs on the way.
  if (connectedToken !== null) url.searchParams.set("ticket", await getTicket());
  return url.href;
}

/** Returns a ticket for one connection, valid for half a minute. */
async function getTicket(): Promise<string> {
  return (await unwrap(authenticatedApi.POST("/api/chat/tickets"))).ticket;
}

function handleMessage(message: Outgoing): void {
  if (message.type === "error" && message.code === "SIGN_IN_EXPIRED" && lastSent) {
    const expired = lastSent;
    lastSent = null;
    void resendWithNewToken(expired);
    return;
  }
  subscribers.forEach((handlers) => handlers.onMessage?.(message));
}

async function resendWithNewToken(message: Incoming): Promise<void> {
  const count = discardCount;
  await getToken(true).catch(() => null);
  if (count !== discardCount) return;
  socket.reconnect();
  // An answer may be streaming beside another message than a question. It ends with the old connection.
  if (message.action !== "sendMessage") handleRepliesLost();
  socket.send(message);
}

function setState(next: ConnectionState): void {
  state.set(next);
  if (next !== "open" || !wasLost) return;
  wasLost = false;
  subscribers.forEach((handlers) => handlers.onRestored?.());
}

function handleRepliesLost(): void {
  wasLost = true;
  subscribers.forEach((handlers) => handlers.onRepliesLost?.());
}

function getUserId(): string | null {
  const session = getSession();
  return session.status === "signedIn" ? session.userId : null;
}

subscribeToSession(() => {
  if (openCount === 0 || connectedUserId === undefined || getUserId() === connectedUserId) return;
  connectedUserId = undefined;
  // Queued messages of one user must not be sent as another.
  discardMessages();
  socket.reconnect();
  handleRepliesLost();
});
window.addEventListener("online", () => socket.check());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") socket.check();
});
