/**
 * A WebSocket that comes back by itself. It waits longer after every failure, keeps what is to be said until somebody
 * hears it, and notices a connection that is open in name only: what is asked is answered, or the line is dead.
 */
import ReconnectingWebSocket from "partysocket/ws";

import type { Incoming, Outgoing } from "@/api/messages";

/** `broken`: it has failed, and will be tried again. */
export type LineState = "closed" | "connecting" | "open" | "broken";

const PING_MS = 4 * 60_000;
const DEAF_MS = 20_000;
const AGAIN = { soonest: 1_000, latest: 60_000, growth: 1.8 };
/** Functions may have to start for it. */
const OPEN_WITHIN_MS = 15_000;

interface LineOptions {
  /** Where to connect as who is here now, asked anew for every attempt; `isRefused` after the first that has failed. */
  address: (isRefused: boolean) => Promise<string>;
  onMessage: (message: Outgoing) => void;
  onState: (state: LineState) => void;
  /** What was asked on the connection before will not be answered. */
  onLost: () => void;
}

export class Line {
  state: LineState = "closed";
  #socket: ReconnectingWebSocket | undefined;
  /** What was said before there was a connection that could keep it. */
  #unsaid: string[] = [];
  /** Since it was open last. */
  #attempts = 0;
  #isWaitedFor = false;
  #ping: ReturnType<typeof setInterval> | undefined;
  #deaf: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LineOptions) {}

  open(): void {
    if (!this.#socket) this.#connect(this.#discard());
  }

  close(): void {
    this.#discard();
    this.#become("closed");
  }

  /** Connect anew, at once. What waits to be said is said then, unless it is to be forgotten. */
  renew({ forget = false } = {}): void {
    const waiting = this.#discard();
    this.#attempts = 0;
    this.#connect(forget ? [] : waiting);
  }

  /** Say something, now or as soon as the line is open. */
  say(message: Incoming): void {
    const text = JSON.stringify(message);
    if (!this.#socket) this.#unsaid.push(text);
    const isSent = this.#socket?.send(text) ?? false;
    // A stop may be answered by silence.
    if (message.action === "stop") return;
    if (isSent) this.#expectAnswer();
    else this.#isWaitedFor = true;
  }

  /** Look whether the line is still there: after a sleep, or when the network is back. */
  check(): void {
    if (this.state === "open") this.say({ action: "ping" });
    else if (this.state === "broken") this.renew();
  }

  #connect(waiting: string[]): void {
    this.#become("connecting");
    this.#isWaitedFor &&= waiting.length > 0;
    const socket = new ReconnectingWebSocket(() => this.options.address(++this.#attempts === 2), null, {
      // Not all browsers at once, after an outage.
      minReconnectionDelay: AGAIN.soonest * (1 + Math.random()),
      maxReconnectionDelay: AGAIN.latest,
      reconnectionDelayGrowFactor: AGAIN.growth,
      connectionTimeout: OPEN_WITHIN_MS,
    });
    this.#socket = socket;
    waiting.forEach((message) => socket.send(message));
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", ({ data }) => this.#heard(data));
    socket.addEventListener("close", () => this.#broken());
    socket.addEventListener("error", () => this.#broken());
  }

  #discard(): string[] {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#rest();
    const waiting = [...this.#unsaid.splice(0), ...(socket?.drainQueuedMessages() ?? [])];
    socket?.close();
    return waiting.filter((message) => typeof message === "string");
  }

  #opened(): void {
    this.#attempts = 0;
    this.#ping = setInterval(() => this.say({ action: "ping" }), PING_MS);
    // What had waited was said just before.
    if (this.#isWaitedFor) this.#expectAnswer();
    this.#isWaitedFor = false;
    this.#become("open");
  }

  #heard(data: unknown): void {
    clearTimeout(this.#deaf);
    this.#deaf = undefined;
    const message = parsed(data);
    if (message && message.type !== "pong") this.options.onMessage(message);
  }

  #broken(): void {
    if (!this.#socket || this.state === "closed") return;
    const wasOpen = this.state === "open";
    this.#rest();
    this.#become("broken");
    if (wasOpen) this.options.onLost();
  }

  #expectAnswer(): void {
    this.#deaf ??= setTimeout(() => {
      this.renew();
      this.options.onLost();
    }, DEAF_MS);
  }

  #rest(): void {
    clearInterval(this.#ping);
    clearTimeout(this.#deaf);
    this.#deaf = undefined;
  }

  #become(state: LineState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}

/** On the emulator a fault in a function comes as raw text: what is no message is not heard. */
function parsed(data: unknown): Outgoing | null {
  try {
    const message = JSON.parse(String(data)) as Partial<Outgoing> | null;
    return typeof message?.type === "string" ? (message as Outgoing) : null;
  } catch {
    return null;
  }
}
