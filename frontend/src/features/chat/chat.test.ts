import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Incoming, Outgoing } from "@/api/messages";
import { saveConversation } from "@/features/chat/conversationStorage";

interface MessageHandlers {
  onMessage: (message: Outgoing) => void;
  onRepliesLost: () => void;
  onRestored: () => void;
}

let sent: Incoming[];
let isOpen: boolean;
let handlers: MessageHandlers;
let session: { status: string; userId?: string };
let changeSession: () => void;
let chat: typeof import("@/features/chat/chat");

beforeEach(() => {
  vi.useFakeTimers();
  [sent, isOpen, session] = [[], true, { status: "anonymous" }];
  vi.resetModules();
  vi.doMock("@/features/realtime/connection", () => ({
    sendMessage: (message: Incoming) => sent.push(message),
    discardMessages: () => {
      // What was sent on an open connection cannot be taken back.
      if (!isOpen) sent = [];
    },
    isConnected: () => isOpen,
    subscribeToMessages: (given: MessageHandlers) => (handlers = given),
  }));
  vi.doMock("@/features/auth/session", () => ({
    getSession: () => session,
    subscribeToSession: (listener: () => void) => (changeSession = listener),
  }));
  return () => {
    vi.useRealTimers();
    vi.doUnmock("@/features/realtime/connection");
    vi.doUnmock("@/features/auth/session");
    vi.resetModules();
  };
});

async function load(): Promise<void> {
  chat = await import("@/features/chat/chat");
}

const questionsSent = () => sent.flatMap((message) => (message.action === "sendMessage" ? [message.text] : []));
const kinds = () => chat.getConversation().entries.map(({ kind }) => kind);

describe("a question without a connection", () => {
  it("is not sent any more once it was given up on", async () => {
    await load();
    isOpen = false;
    chat.ask("A lamp?");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chat.getConversation()).toMatchObject({ phase: "idle", entries: [{}, { status: "interrupted" }] });
    expect(questionsSent()).toEqual([]);
    chat.ask("A lamp?");
    expect(questionsSent()).toEqual(["A lamp?"]);
  });

  it("is not sent any more in a new conversation, nor is a stop", async () => {
    await load();
    isOpen = false;
    chat.ask("A lamp?");
    chat.startNewConversation();
    expect(sent).toEqual([]);
    expect(chat.getConversation()).toMatchObject({ phase: "idle", entries: [] });
  });

  it("is not sent any more once it was stopped", async () => {
    await load();
    isOpen = false;
    chat.ask("A lamp?");
    chat.stop();
    expect(sent).toEqual([]);
    expect(chat.getConversation()).toMatchObject({ phase: "idle", entries: [{}, { status: "stopped" }] });
  });
});

it("a question of a new conversation waits for the stopped answer of the previous one", async () => {
  await load();
  chat.ask("A lamp?");
  const previousId = chat.getConversation().id ?? "";
  chat.startNewConversation();
  chat.ask("A mug?");
  expect(sent.map(({ action }) => action)).toEqual(["sendMessage", "stop"]);
  handlers.onMessage({ type: "done", conversationId: previousId, usage: { inputTokens: 1, outputTokens: 1 }, model: "m", stopped: true });
  expect(questionsSent()).toEqual(["A lamp?", "A mug?"]);
  expect(chat.getConversation().id).not.toBe(previousId);
});

describe("a question after a reload", () => {
  const history = (id: string, ...texts: string[]): Outgoing => ({
    type: "history",
    conversationId: id,
    turns: texts.map((text) => ({ role: "shopper", at: "2026-01-01T00:00:00Z", text, whole: true, products: [], sources: [] })),
  });

  it("waits for the session, and continues the stored conversation", async () => {
    saveConversation({ conversationId: "c1", owner: "ada" });
    session = { status: "unknown" };
    await load();
    chat.ask("And in red?");
    expect(sent).toEqual([]);
    expect(chat.getConversation().queued).toBe("And in red?");

    session = { status: "signedIn", userId: "ada" };
    changeSession();
    expect(sent).toContainEqual({ action: "history", conversationId: "c1" });
    expect(sent).toContainEqual({ action: "sendMessage", conversationId: "c1", text: "And in red?" });
  });

  it("does not hide the earlier conversation", async () => {
    saveConversation({ conversationId: "c1", owner: null });
    await load();
    chat.ask("And in red?");
    handlers.onMessage(history("c1", "A lamp?", "And in red?"));
    expect(chat.getConversation().entries).toMatchObject([{ text: "A lamp?" }, { text: "And in red?" }, { kind: "answer", status: "streaming" }]);
  });

  it("does not hide the earlier conversation if that could be read only later", async () => {
    saveConversation({ conversationId: "c1", owner: null });
    await load();
    handlers.onRepliesLost();
    chat.ask("And in red?");
    expect(chat.getConversation().history).toBe("failed");
    chat.requestHistory();
    handlers.onMessage(history("c1", "A lamp?"));
    expect(kinds()).toEqual(["question", "question", "answer"]);
  });
});
