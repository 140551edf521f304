import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Outgoing } from "@/api/messages";
import { Line, type LineState } from "@/features/live/line";

/** A WebSocket whose other end is the test. */
class Wire extends EventTarget {
  static all: Wire[] = [];
  readyState = 0;
  binaryType = "blob";
  readonly sent: string[] = [];

  constructor(readonly url: string) {
    super();
    Wire.all.push(this);
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

function newest(): Wire {
  const wire = Wire.all.at(-1);
  if (!wire) throw new Error("nothing was connected");
  return wire;
}

const question = { action: "sendMessage", conversationId: "c1", text: "A lamp?" } as const;

describe("the line", () => {
  let states: LineState[];
  let heard: Outgoing[];
  let refusals: boolean[];
  let lost: number;
  let line: Line;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", Wire);
    vi.spyOn(Math, "random").mockReturnValue(0);
    Wire.all = [];
    [states, heard, refusals, lost] = [[], [], [], 0];
    line = new Line({
      address: (isRefused) => {
        refusals.push(isRefused);
        return Promise.resolve("ws://shop/ws");
      },
      onMessage: (message) => heard.push(message),
      onState: (state) => states.push(state),
      onLost: () => (lost += 1),
    });
  });

  afterEach(() => {
    line.close();
    vi.useRealTimers();
  });

  async function opened(): Promise<Wire> {
    line.open();
    await vi.advanceTimersByTimeAsync(0);
    newest().accept();
    return newest();
  }

  it("says what waited as soon as it is open", async () => {
    line.open();
    line.say(question);
    await vi.advanceTimersByTimeAsync(0);
    expect(newest().sent).toEqual([]);
    newest().accept();
    expect(newest().sent).toEqual([JSON.stringify(question)]);
  });

  it("says what was said before anybody opened it", async () => {
    line.say(question);
    await opened();
    expect(newest().sent).toEqual([JSON.stringify(question)]);
  });

  it("forgets what waits when it is closed", async () => {
    line.say(question);
    line.close();
    await opened();
    expect(newest().sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lost).toBe(0);
  });

  it("comes back after it was cut, and waits longer after each failure, up to a minute", async () => {
    (await opened()).drop();
    expect(states.at(-1)).toBe("broken");
    expect(lost).toBe(1);

    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const [before, from] = [Wire.all.length, Date.now()];
      while (Wire.all.length === before) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - from);
      newest().drop();
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeLessThan(2_000);
    expect(waits.at(-1)).toBe(60_000);
    expect(lost).toBe(1);
  });

  it("asks for another token after the first refusal only", async () => {
    line.open();
    while (refusals.length < 4) {
      const count = refusals.length;
      while (refusals.length === count) await vi.advanceTimersByTimeAsync(100);
      newest().drop();
    }
    expect(refusals).toEqual([false, true, false, false]);
  });

  it("keeps itself open by a ping every few minutes", async () => {
    const wire = await opened();
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    expect(wire.sent).toEqual(['{"action":"ping"}']);
    wire.receive('{"type":"pong"}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(newest()).toBe(wire);
    expect(heard).toEqual([]);
  });

  it("takes a connection for dead that answers nothing, and makes another", async () => {
    const wire = await opened();
    line.say(question);
    await vi.advanceTimersByTimeAsync(20_001);
    expect(lost).toBe(1);
    expect(newest()).not.toBe(wire);
    newest().accept();
    // It was said, and may have been heard: to say it twice is for the shopper to decide.
    expect(newest().sent).toEqual([]);
  });

  it("does not take it for dead where it answers", async () => {
    const wire = await opened();
    line.say(question);
    await vi.advanceTimersByTimeAsync(19_000);
    wire.receive('{"type":"working","conversationId":"c1","tool":null}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lost).toBe(0);
    expect(heard).toHaveLength(1);
  });

  it("does not hear what is no message", async () => {
    const wire = await opened();
    for (const data of ["Traceback", "null", "[]", '{"message":"Internal server error"}']) wire.receive(data);
    expect(heard).toEqual([]);
  });

  it("says what waits on the new connection, unless it is to be forgotten", async () => {
    line.open();
    line.say(question);
    line.renew();
    await vi.advanceTimersByTimeAsync(0);
    newest().accept();
    expect(newest().sent).toHaveLength(1);

    newest().drop();
    line.say(question);
    line.renew({ forget: true });
    await vi.advanceTimersByTimeAsync(0);
    newest().accept();
    expect(newest().sent).toEqual([]);
  });

  it("stays closed once it is closed", async () => {
    const wire = await opened();
    line.close();
    wire.drop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(Wire.all).toHaveLength(1);
    expect(states.at(-1)).toBe("closed");
    expect(lost).toBe(0);
  });
});
