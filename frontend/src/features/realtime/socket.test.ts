import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Outgoing } from "@/api/messages";
import { RealtimeSocket, type SocketState } from "@/features/realtime/socket";

/** A WebSocket that the test controls. */
class FakeWebSocket extends EventTarget {
  static all: FakeWebSocket[] = [];
  readyState = 0;
  binaryType = "blob";
  readonly sent: string[] = [];

  constructor(readonly url: string) {
    super();
    FakeWebSocket.all.push(this);
  }

  accept(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  receive(data: string): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  drop(): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }
}

function latestWebSocket(): FakeWebSocket {
  const webSocket = FakeWebSocket.all.at(-1);
  if (!webSocket) throw new Error("nothing was connected");
  return webSocket;
}

const question = { action: "sendMessage", conversationId: "c1", text: "A lamp?" } as const;

describe("RealtimeSocket", () => {
  let states: SocketState[];
  let received: Outgoing[];
  let tokenRefreshes: boolean[];
  let lostCount: number;
  let socket: RealtimeSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeWebSocket);
    vi.spyOn(Math, "random").mockReturnValue(0);
    FakeWebSocket.all = [];
    [states, received, tokenRefreshes, lostCount] = [[], [], [], 0];
    socket = new RealtimeSocket({
      getUrl: (refreshToken) => {
        tokenRefreshes.push(refreshToken);
        return Promise.resolve("ws://shop/ws");
      },
      onMessage: (message) => received.push(message),
      onStateChange: (state) => states.push(state),
      onRepliesLost: () => (lostCount += 1),
    });
  });

  afterEach(() => {
    socket.close();
    vi.useRealTimers();
  });

  async function openSocket(): Promise<FakeWebSocket> {
    socket.open();
    await vi.advanceTimersByTimeAsync(0);
    latestWebSocket().accept();
    return latestWebSocket();
  }

  it("sends queued messages as soon as it is open", async () => {
    socket.open();
    socket.send(question);
    await vi.advanceTimersByTimeAsync(0);
    expect(latestWebSocket().sent).toEqual([]);
    latestWebSocket().accept();
    expect(latestWebSocket().sent).toEqual([JSON.stringify(question)]);
  });

  it("queues messages before it is opened", async () => {
    socket.send(question);
    await openSocket();
    expect(latestWebSocket().sent).toEqual([JSON.stringify(question)]);
  });

  it("discards queued messages when it is closed", async () => {
    socket.send(question);
    socket.close();
    await openSocket();
    expect(latestWebSocket().sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lostCount).toBe(0);
  });

  it("reconnects with growing delays of up to a minute", async () => {
    (await openSocket()).drop();
    expect(states.at(-1)).toBe("reconnecting");
    expect(lostCount).toBe(1);

    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const [before, from] = [FakeWebSocket.all.length, Date.now()];
      while (FakeWebSocket.all.length === before) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - from);
      latestWebSocket().drop();
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(2_000);
    expect(waits.at(-1)).toBe(60_000);
    expect(lostCount).toBe(1);
  });

  it("refreshes the token after the first failed attempt only", async () => {
    socket.open();
    while (tokenRefreshes.length < 4) {
      const count = tokenRefreshes.length;
      while (tokenRefreshes.length === count) await vi.advanceTimersByTimeAsync(100);
      latestWebSocket().drop();
    }
    expect(tokenRefreshes).toEqual([false, true, false, false]);
  });

  it("sends a ping every four minutes", async () => {
    const webSocket = await openSocket();
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    expect(webSocket.sent).toEqual(['{"action":"ping"}']);
    webSocket.receive('{"type":"pong"}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(latestWebSocket()).toBe(webSocket);
    expect(received).toEqual([]);
  });

  it("replaces a connection that does not reply", async () => {
    const webSocket = await openSocket();
    socket.send(question);
    await vi.advanceTimersByTimeAsync(20_001);
    expect(lostCount).toBe(1);
    expect(latestWebSocket()).not.toBe(webSocket);
    latestWebSocket().accept();
    // The message may have been received, so that only the shopper may send it again.
    expect(latestWebSocket().sent).toEqual([]);
  });

  it("keeps a connection that replies", async () => {
    const webSocket = await openSocket();
    socket.send(question);
    await vi.advanceTimersByTimeAsync(19_000);
    webSocket.receive('{"type":"working","conversationId":"c1","tool":null}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lostCount).toBe(0);
    expect(received).toHaveLength(1);
  });

  it("ignores data that is no message", async () => {
    const webSocket = await openSocket();
    for (const data of ["Traceback", "null", "[]", '{"message":"Internal server error"}']) webSocket.receive(data);
    expect(received).toEqual([]);
  });

  it("is not affected by a discarded connection whose URL cannot be had", async () => {
    let rejectUrl: (error: Error) => void = () => undefined;
    let isFirst = true;
    const successor = new RealtimeSocket({
      getUrl: () => {
        if (!isFirst) return Promise.resolve("ws://shop/ws");
        isFirst = false;
        return new Promise((_, reject) => (rejectUrl = reject));
      },
      onMessage: () => undefined,
      onStateChange: (state) => states.push(state),
      onRepliesLost: () => (lostCount += 1),
    });
    successor.open();
    await vi.advanceTimersByTimeAsync(0);
    successor.reconnect();
    await vi.advanceTimersByTimeAsync(0);
    latestWebSocket().accept();
    rejectUrl(new Error("no token"));
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual(["connecting", "open"]);
    expect(lostCount).toBe(0);
    successor.close();
  });

  it("sends queued messages after a reconnect, unless they are discarded", async () => {
    socket.open();
    socket.send(question);
    socket.reconnect();
    await vi.advanceTimersByTimeAsync(0);
    latestWebSocket().accept();
    expect(latestWebSocket().sent).toHaveLength(1);

    latestWebSocket().drop();
    socket.send(question);
    socket.discardQueue();
    socket.reconnect();
    await vi.advanceTimersByTimeAsync(0);
    latestWebSocket().accept();
    expect(latestWebSocket().sent).toEqual([]);
  });

  it("stays closed", async () => {
    const webSocket = await openSocket();
    socket.close();
    webSocket.drop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(FakeWebSocket.all).toHaveLength(1);
    expect(states.at(-1)).toBe("closed");
    expect(lostCount).toBe(0);
  });
});
