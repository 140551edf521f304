import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Incoming, Outgoing } from "@/api/messages";
import type { SocketState } from "@/features/realtime/socket";

interface SocketOptions {
  getUrl: (refreshToken: boolean) => Promise<string>;
  onMessage: (message: Outgoing) => void;
  onStateChange: (state: SocketState) => void;
  onRepliesLost: () => void;
}

/** A socket that the test opens, and that records what happens to it. */
class FakeSocket {
  state: SocketState = "closed";
  queue: Incoming[] = [];
  log: string[] = [];
  url: URL | undefined;

  constructor(readonly options: SocketOptions) {}

  open(): void {
    this.setState("connecting");
  }

  close(): void {
    this.setState("closed");
  }

  reconnect(): void {
    this.log.push("reconnect");
    this.setState("connecting");
  }

  discardQueue(): void {
    this.queue = [];
  }

  check(): void {
    this.log.push("check");
  }

  send(message: Incoming): void {
    if (this.state === "open") this.log.push(message.action);
    else this.queue.push(message);
  }

  async accept(): Promise<void> {
    this.url = new URL(await this.options.getUrl(false));
    this.queue.splice(0).forEach(({ action }) => this.log.push(action));
    this.setState("open");
  }

  setState(state: SocketState): void {
    this.state = state;
    this.options.onStateChange(state);
  }
}

let socket: FakeSocket;
let getToken: (refresh: boolean) => Promise<string | null>;
let tickets: string[];
let settings: { ws: string | null };
let connection: typeof import("@/features/realtime/connection");
let lostCount: number;
let received: Outgoing[];

const question: Incoming = { action: "sendMessage", conversationId: "c1", text: "A lamp?" };
const confirmation: Incoming = { action: "confirm", proposalId: "p1", accept: true };
const expired: Outgoing = { type: "error", conversationId: null, code: "SIGN_IN_EXPIRED", message: "Expired.", status: 401, retryAfterSeconds: null };

beforeEach(async () => {
  [lostCount, received, settings] = [0, [], { ws: "/ws" }];
  getToken = () => Promise.resolve("first");
  tickets = ["ticket-1", "ticket-2"];
  vi.resetModules();
  vi.doMock("@/api/client", () => ({
    authenticatedApi: { POST: () => Promise.resolve({ data: { ticket: tickets.shift() } }) },
    unwrap: (request: Promise<{ data: unknown }>) => request.then(({ data }) => data),
  }));
  vi.doMock("@/features/realtime/socket", () => ({
    RealtimeSocket: vi.fn(function (options: SocketOptions) {
      return (socket = new FakeSocket(options));
    }),
  }));
  vi.doMock("@/api/settings", () => ({ loadSettings: () => Promise.resolve(settings) }));
  vi.doMock("@/features/auth/session", () => ({
    getSession: () => ({ status: "signedIn", userId: "ada" }),
    getToken: (refresh: boolean) => getToken(refresh),
    subscribeToSession: () => undefined,
  }));
  connection = await import("@/features/realtime/connection");
  connection.subscribeToMessages({ onMessage: (message) => received.push(message), onRepliesLost: () => (lostCount += 1) });
  return () => {
    vi.doUnmock("@/features/realtime/socket");
    vi.doUnmock("@/api/client");
    vi.doUnmock("@/api/settings");
    vi.doUnmock("@/features/auth/session");
    vi.resetModules();
  };
});

/** Waits for the promises that are resolved already. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

async function openConnection(): Promise<void> {
  connection.openConnection();
  await settle();
  await socket.accept();
}

describe("the address of a connection", () => {
  it("has a ticket of its own and never the token", async () => {
    await openConnection();
    expect(socket.url?.search).toBe("?ticket=ticket-1");
    await socket.accept();
    expect(socket.url?.search).toBe("?ticket=ticket-2");
  });

  it("has nothing of a visitor", async () => {
    getToken = () => Promise.resolve(null);
    await openConnection();
    expect(socket.url?.search).toBe("");
    expect(tickets).toHaveLength(2);
  });
});

describe("a message that was discarded", () => {
  it("is not sent when the connection opens", async () => {
    connection.openConnection();
    connection.sendMessage(question);
    await settle();
    connection.discardMessages();
    await socket.accept();
    expect(socket.log).toEqual([]);
  });

  it("is not sent when its token arrives late", async () => {
    await openConnection();
    let resolveToken: (token: string) => void = () => undefined;
    getToken = () => new Promise((resolve) => (resolveToken = resolve));
    connection.sendMessage(question);
    await settle();
    connection.discardMessages();
    resolveToken("first");
    await settle();
    expect(socket.log).toEqual([]);
  });

  it("is not repeated after its token was refused", async () => {
    await openConnection();
    connection.sendMessage(question);
    await settle();
    connection.discardMessages();
    socket.options.onMessage(expired);
    await settle();
    expect(socket.log).toEqual(["sendMessage"]);
    expect(received).toEqual([expired]);
  });
});

describe("a renewed token", () => {
  it("replaces the connection before a question", async () => {
    await openConnection();
    getToken = () => Promise.resolve("second");
    connection.sendMessage(question);
    await settle();
    expect(socket.log).toEqual(["reconnect"]);
    await socket.accept();
    expect(socket.log).toEqual(["reconnect", "sendMessage"]);
  });

  it("leaves the connection of an answer that is stopped or asks for a decision", async () => {
    await openConnection();
    getToken = () => Promise.resolve("second");
    connection.sendMessage({ action: "stop" });
    connection.sendMessage(confirmation);
    await settle();
    expect(socket.log).toEqual(["stop", "confirm"]);
  });

  it("lets no stop overtake the question", async () => {
    await openConnection();
    getToken = () => new Promise((resolve) => setTimeout(() => resolve("first"), 0));
    connection.sendMessage(question);
    connection.sendMessage({ action: "stop" });
    await vi.waitFor(() => expect(socket.log).toEqual(["sendMessage", "stop"]));
  });
});

describe("a refused token", () => {
  it("is renewed, and the question repeated without a word", async () => {
    await openConnection();
    connection.sendMessage(question);
    await settle();
    socket.options.onMessage(expired);
    await settle();
    await socket.accept();
    expect(socket.log).toEqual(["sendMessage", "reconnect", "sendMessage"]);
    expect(lostCount).toBe(0);
    expect(received).toEqual([]);
  });

  it("ends the answer beside a decision, and says so", async () => {
    await openConnection();
    connection.sendMessage(confirmation);
    await settle();
    socket.options.onMessage(expired);
    await settle();
    await socket.accept();
    expect(socket.log).toEqual(["confirm", "reconnect", "confirm"]);
    expect(lostCount).toBe(1);
  });

  it("does not repeat a question that was stopped", async () => {
    await openConnection();
    connection.sendMessage(question);
    connection.sendMessage({ action: "stop" });
    await settle();
    socket.options.onMessage(expired);
    await settle();
    expect(socket.log).toEqual(["sendMessage", "stop"]);
    expect(received).toEqual([expired]);
  });
});

describe("a stage without a WebSocket", () => {
  it("reports what waits for a reply as lost, and does not send it later", async () => {
    settings = { ws: null };
    connection.sendMessage({ action: "history", conversationId: "c1" });
    connection.openConnection();
    await settle();
    expect(lostCount).toBe(1);
    expect(socket.queue).toEqual([]);

    connection.sendMessage(question);
    await settle();
    expect(lostCount).toBe(2);
    expect(socket.queue).toEqual([]);
  });
});
