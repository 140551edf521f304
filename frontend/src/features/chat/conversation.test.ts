import { describe, expect, it } from "vitest";

import type { Outgoing } from "@/api/messages";
import { type Answer, type Conversation, type ConversationAction, conversationReducer, EMPTY_CONVERSATION, getLastAnswer } from "@/features/chat/conversation";

const ID = "c1";
const NOW = 1_000_000;
const asked: ConversationAction = { type: "asked", id: "q1", conversationId: ID, text: "A lamp?" };
const done: Outgoing = { type: "done", conversationId: ID, usage: { inputTokens: 1, outputTokens: 1 }, model: "local-demo", stopped: false };
const card = {
  productId: "lamp",
  name: "Lamp",
  brand: "Lux",
  category: "lighting",
  price: { amount: 4900, currency: "USD" },
  compareAtPrice: null,
  imageUrl: "/lamp.svg",
  available: 3,
};
const proposal: Outgoing = {
  type: "proposal",
  conversationId: ID,
  proposalId: "p1",
  tool: "propose_cart_change",
  arguments: { change: "ADD", productId: "lamp", quantity: 1 },
  summary: "Add 1 × Lamp ($49.00 each) to your cart",
  expiresAt: "2026-01-01T00:00:00Z",
};
const shipped: Outgoing = {
  type: "event",
  conversationId: null,
  eventId: "e1",
  detailType: "OrderShipped",
  message: "Your order o1 has shipped.",
  data: { orderId: "o1" },
};

function reduce(...steps: (ConversationAction | Outgoing)[]): Conversation {
  const actions = steps.map((step) => ("conversationId" in step && step.type !== "asked" && step.type !== "historyRequested" ? received(step) : step) as ConversationAction);
  return actions.reduce(conversationReducer, EMPTY_CONVERSATION);
}

function received(message: Outgoing): ConversationAction {
  return { type: "messageReceived", message, now: NOW };
}

function delta(text: string): Outgoing {
  return { type: "delta", conversationId: ID, text };
}

function failure(code: string, more: Partial<Extract<Outgoing, { type: "error" }>> = {}): Outgoing {
  return { type: "error", conversationId: null, code, message: `It is ${code}.`, status: 500, retryAfterSeconds: null, ...more };
}

function lastAnswerOf(conversation: Conversation): Answer {
  const answer = getLastAnswer(conversation);
  if (!answer) throw new Error("there is no answer");
  return answer;
}

function proposalStateOf(conversation: Conversation) {
  const part = lastAnswerOf(conversation).parts.find(({ kind }) => kind === "proposal");
  if (part?.kind !== "proposal") throw new Error("there is no proposal");
  return part.state;
}

describe("an answer", () => {
  it("has its parts in order, with text deltas joined", () => {
    const cards: Outgoing = { type: "products", conversationId: ID, items: [card] };
    const conversation = reduce(asked, delta("Here "), delta("it is:"), cards, delta("Nice."), done);
    expect(lastAnswerOf(conversation).parts).toEqual([
      { kind: "text", text: "Here it is:" },
      { kind: "products", items: [card] },
      { kind: "text", text: "Nice." },
    ]);
    expect(lastAnswerOf(conversation)).toMatchObject({ status: "complete", tool: null, error: null });
    expect(conversation).toMatchObject({ phase: "idle", model: "local-demo" });
  });

  it("names the running tool until the next text", () => {
    const looking = reduce(asked, { type: "working", conversationId: ID, tool: "search_products" });
    expect(lastAnswerOf(looking).tool).toBe("search_products");
    expect(lastAnswerOf(conversationReducer(looking, received(delta("It")))).tool).toBeNull();
  });

  it("ignores messages of another conversation", () => {
    const conversation = reduce(asked, { ...delta("Old"), conversationId: "before" } as Outgoing);
    expect(lastAnswerOf(conversation).parts).toEqual([]);
  });

  it("keeps its parts after an error, and the conversation continues", () => {
    const broken = reduce(asked, delta("Half"), failure("BROKEN", { conversationId: ID }));
    expect(lastAnswerOf(broken)).toMatchObject({ status: "interrupted", error: { code: "BROKEN" }, parts: [{ text: "Half" }] });
    expect(broken.phase).toBe("idle");
    const again = conversationReducer(broken, { ...asked, id: "q2" });
    expect(lastAnswerOf(conversationReducer(again, received(delta("Whole"))))).toMatchObject({ status: "streaming", parts: [{ text: "Whole" }] });
  });

  it("has the time of the next attempt after a rate limit", () => {
    const refused = reduce(asked, failure("TOO_MANY_QUESTIONS", { status: 429, retryAfterSeconds: 7 }));
    expect(lastAnswerOf(refused).error?.retryAt).toBe(NOW + 7000);
  });

  it("is interrupted if the connection is lost", () => {
    const lost = reduce(asked, delta("Half"), { type: "connectionLost" });
    expect(lastAnswerOf(lost)).toMatchObject({ status: "interrupted", error: { code: "LOST" } });
    expect(lost.phase).toBe("idle");
  });
});

describe("a stopped answer", () => {
  it("ignores further text, and ends when the assistant confirms", () => {
    const stopping = reduce(asked, delta("Half"), { type: "stopped" }, delta(" more"));
    expect(stopping.phase).toBe("stopping");
    expect(lastAnswerOf(stopping)).toMatchObject({ status: "stopped", parts: [{ text: "Half" }] });
    expect(conversationReducer(stopping, received({ ...done, stopped: true })).phase).toBe("idle");
  });

  it("keeps the queued question until it ends, also after an error", () => {
    const queued = reduce(asked, { type: "stopped" }, { type: "queued", text: "A mug?" });
    expect(conversationReducer(queued, received(done))).toMatchObject({ phase: "idle", queued: "A mug?" });
    expect(conversationReducer(queued, received(failure("BROKEN", { conversationId: ID })))).toMatchObject({ phase: "idle", queued: "A mug?" });
    expect(conversationReducer(queued, { type: "connectionLost" })).toMatchObject({ phase: "idle", queued: "A mug?" });
  });
});

describe("an answer of a conversation that was left", () => {
  const left = reduce(asked, delta("Half"), { type: "reset" });

  it("holds the next question until it has ended, also after an error", () => {
    expect(left).toMatchObject({ id: null, phase: "stopping", entries: [] });
    expect(conversationReducer(left, received({ ...done, stopped: true })).phase).toBe("idle");
    expect(conversationReducer(left, received(failure("BROKEN", { conversationId: ID }))).phase).toBe("idle");
    expect(conversationReducer(left, { type: "connectionLost" }).phase).toBe("idle");
  });
});

describe("a proposal", () => {
  const decided = reduce(asked, proposal, done, { type: "decided", proposalId: "p1" });

  it("is open until the shopper decides, and then has the outcome", () => {
    expect(proposalStateOf(reduce(asked, proposal)).status).toBe("open");
    expect(proposalStateOf(decided).status).toBe("deciding");
    const outcome: Outgoing = { type: "outcome", conversationId: ID, proposalId: "p1", status: "REFUSED", message: "Only 2 left.", code: "OUT_OF_STOCK" };
    expect(proposalStateOf(conversationReducer(decided, received(outcome)))).toEqual({ status: "refused", message: "Only 2 left." });
  });

  it("is refused if it was decided elsewhere", () => {
    expect(proposalStateOf(conversationReducer(decided, received(failure("DECIDED", { conversationId: ID })))).status).toBe("refused");
  });

  it("is open again, with a message, if its outcome is unknown", () => {
    expect(proposalStateOf(conversationReducer(decided, received(failure("UNCERTAIN", { conversationId: ID }))))).toEqual({ status: "open", message: "It is UNCERTAIN." });
    expect(proposalStateOf(conversationReducer(decided, { type: "connectionLost" }))).toMatchObject({ status: "open", message: expect.stringContaining("cart") as string });
  });

  it("does not affect a streaming answer if it fails", () => {
    const both = conversationReducer(decided, { ...asked, id: "q2" });
    const failed = conversationReducer(both, received(failure("UNCERTAIN", { conversationId: ID })));
    expect(failed.phase).toBe("answering");
    expect(lastAnswerOf(failed).error).toBeNull();
  });
});

describe("an order notification", () => {
  it("is added once, even if it is delivered twice", () => {
    const conversation = reduce(shipped, shipped);
    expect(conversation.entries).toEqual([{ kind: "notification", id: "e1", text: "Your order o1 has shipped.", orderId: "o1" }]);
  });

  it("does not end a streaming answer", () => {
    const conversation = reduce(asked, shipped, delta("It is"), done);
    expect(lastAnswerOf(conversation)).toMatchObject({ status: "complete", parts: [{ text: "It is" }] });
  });
});

describe("the history", () => {
  const turns = [
    { role: "shopper", at: "2026-01-01T00:00:00Z", text: "A lamp?", whole: true, products: [], sources: [] },
    { role: "assistant", at: "2026-01-01T00:00:01Z", text: "This one.", whole: false, products: [card], sources: [] },
    { role: "event", at: "2026-01-01T00:00:02Z", text: "Your order o1 has shipped.", whole: true, products: [], sources: [] },
  ] as const;
  const history = { type: "history", conversationId: ID, turns: [...turns] } as unknown as Outgoing;

  it("is shown after a reload, with incomplete answers marked", () => {
    const conversation = reduce({ type: "historyRequested", conversationId: ID }, history);
    expect(conversation.history).toBe("idle");
    expect(conversation.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "notification"]);
    expect(lastAnswerOf(conversation)).toMatchObject({ status: "interrupted", parts: [{ kind: "products" }, { kind: "text", text: "This one." }] });
  });

  it("does not repeat notifications received meanwhile", () => {
    const conversation = reduce({ type: "historyRequested", conversationId: ID }, shipped, history);
    expect(conversation.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "notification"]);
  });

  it("adds only notifications after a lost connection", () => {
    const conversation = reduce(asked, delta("Half"), { type: "connectionLost" }, { type: "historyRequested", conversationId: ID }, history);
    expect(conversation.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "notification"]);
    expect(lastAnswerOf(conversation).parts).toEqual([{ kind: "text", text: "Half" }]);
  });

  it("is added before the questions of this page, which it may contain", () => {
    const restored = reduce({ type: "historyRequested", conversationId: ID }, { ...asked, text: "In red?" }, {
      ...history,
      turns: [...turns, { ...turns[0], text: "In red?" }],
    } as unknown as Outgoing);
    expect(restored.entries).toMatchObject([{ text: "A lamp?" }, { kind: "answer" }, { kind: "notification" }, { text: "In red?" }, { status: "streaming" }]);

    const same = reduce({ type: "historyRequested", conversationId: ID }, asked, history);
    expect(same.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "notification"]);
  });

  it("can be requested again after a failure", () => {
    expect(reduce({ type: "historyRequested", conversationId: ID }, failure("INTERNAL")).history).toBe("failed");
    expect(reduce({ type: "historyRequested", conversationId: ID }, { type: "connectionLost" }).history).toBe("failed");
  });
});
