/**
 * A WebSocket that reconnects with growing delays and queues messages while it is not open. It also detects a dead
 * connection: requests and pings have to be answered in time.
 */
import ReconnectingWebSocket from "partysocket/ws";

import type { Incoming, Outgoing } from "@/api/messages";

/** `reconnecting`: the connection has failed and is retried after a delay. */
export type SocketState = "closed" | "connecting" | "open" | "reconnecting";

const PING_INTERVAL_MS = 4 * 60_000;
const REPLY_TIMEOUT_MS = 20_000;
const RECONNECT_DELAY = { minMs: 1_000, maxMs: 60_000, growFactor: 1.8 };
/** Includes the cold starts of functions. */
const CONNECT_TIMEOUT_MS = 15_000;

interface SocketOptions {
  /** Returns the URL for an attempt to connect, for the current user; with a new token if `refreshToken`. */
  getUrl: (refreshToken: boolean) => Promise<string>;
  onMessage: (message: Outgoing) => void;
  onStateChange: (state: SocketState) => void;
  /** Pending requests of the previous connection will not be answered. */
  onRepliesLost: () => void;
}

export class RealtimeSocket {
  state: SocketState = "closed";
  #socket: ReconnectingWebSocket | undefined;
  /** Messages sent before there is a socket to queue them. */
  #queue: string[] = [];
  /** Attempts to connect since the socket was last open. */
  #attempts = 0;
  #queueExpectsReply = false;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #replyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SocketOptions) {}

  open(): void {
    if (!this.#socket) this.#connect(this.#disconnect());
  }

  close(): void {
    this.#disconnect();
    this.#setState("closed");
  }

  /** Connects again at once. Queued messages are sent then. */
  reconnect(): void {
    const queued = this.#disconnect();
    this.#attempts = 0;
    this.#connect(queued);
  }

  /** Discards the messages that have not been sent yet. */
  discardQueue(): void {
    this.#queue = [];
    this.#socket?.drainQueuedMessages();
    this.#queueExpectsReply = false;
  }

  /** Sends a message, now or as soon as the socket is open. */
  send(message: Incoming): void {
    const text = JSON.stringify(message);
    if (!this.#socket) this.#queue.push(text);
    const isSent = this.#socket?.send(text) ?? false;
    // A stop may have no reply.
    if (message.action === "stop") return;
    if (isSent) this.#expectReply();
    else this.#queueExpectsReply = true;
  }

  /** Checks the connection after a sleep, or when the network is back. */
  check(): void {
    if (this.state === "open") this.send({ action: "ping" });
    else if (this.state === "reconnecting") this.reconnect();
  }

  #connect(queued: string[]): void {
    this.#setState("connecting");
    this.#queueExpectsReply &&= queued.length > 0;
    const socket = new ReconnectingWebSocket(() => this.options.getUrl(++this.#attempts === 2), null, {
      // Random, so that browsers do not reconnect all at once after an outage.
      minReconnectionDelay: RECONNECT_DELAY.minMs * (1 + Math.random()),
      maxReconnectionDelay: RECONNECT_DELAY.maxMs,
      reconnectionDelayGrowFactor: RECONNECT_DELAY.growFactor,
      connectionTimeout: CONNECT_TIMEOUT_MS,
    });
    this.#socket = socket;
    queued.forEach((message) => socket.send(message));
    // A socket that was replaced still reports that its URL could not be had.
    const whileCurrent =
      <E>(handle: (event: E) => void) =>
      (event: E) => {
        if (socket === this.#socket) handle(event);
      };
    socket.addEventListener("open", whileCurrent(() => this.#handleOpen()));
    socket.addEventListener("message", whileCurrent(({ data }: MessageEvent) => this.#handleMessage(data)));
    socket.addEventListener("close", whileCurrent(() => this.#handleClose()));
    socket.addEventListener("error", whileCurrent(() => this.#handleClose()));
  }

  #disconnect(): string[] {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#clearTimers();
    const queued = [...this.#queue.splice(0), ...(socket?.drainQueuedMessages() ?? [])];
    socket?.close();
    return queued.filter((message) => typeof message === "string");
  }

  #handleOpen(): void {
    this.#attempts = 0;
    this.#pingTimer = setInterval(() => this.send({ action: "ping" }), PING_INTERVAL_MS);
    // Queued messages have just been sent.
    if (this.#queueExpectsReply) this.#expectReply();
    this.#queueExpectsReply = false;
    this.#setState("open");
  }

  #handleMessage(data: unknown): void {
    clearTimeout(this.#replyTimer);
    this.#replyTimer = undefined;
    const message = parseMessage(data);
    if (message && message.type !== "pong") this.options.onMessage(message);
  }

  #handleClose(): void {
    const wasOpen = this.state === "open";
    this.#clearTimers();
    this.#setState("reconnecting");
    if (wasOpen) this.options.onRepliesLost();
  }

  #expectReply(): void {
    this.#replyTimer ??= setTimeout(() => {
      this.reconnect();
      this.options.onRepliesLost();
    }, REPLY_TIMEOUT_MS);
  }

  #clearTimers(): void {
    clearInterval(this.#pingTimer);
    clearTimeout(this.#replyTimer);
    this.#replyTimer = undefined;
  }

  #setState(state: SocketState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onStateChange(state);
  }
}

/** Returns null for anything else than a message: on the emulator, errors of functions arrive as plain text. */
function parseMessage(data: unknown): Outgoing | null {
  try {
    const message = JSON.parse(String(data)) as Partial<Outgoing> | null;
    return typeof message?.type === "string" ? (message as Outgoing) : null;
  } catch {
    return null;
  }
}
