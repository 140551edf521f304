import { describe, expect, it } from "vitest";

import type { Outgoing } from "@/api/messages";
import { type Action, type Answer, type Conversation, lastAnswer, next, NOTHING_SAID } from "@/features/chat/conversation";

const ID = "c1";
const NOW = 1_000_000;
const asked: Action = { type: "asked", id: "q1", conversationId: ID, text: "A lamp?" };
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

function after(...steps: (Action | Outgoing)[]): Conversation {
  const actions = steps.map((step) => ("conversationId" in step && step.type !== "asked" && step.type !== "recalling" ? heard(step) : step) as Action);
  return actions.reduce(next, NOTHING_SAID);
}

function heard(message: Outgoing): Action {
  return { type: "heard", message, now: NOW };
}

function delta(text: string): Outgoing {
  return { type: "delta", conversationId: ID, text };
}

function failure(code: string, more: Partial<Extract<Outgoing, { type: "error" }>> = {}): Outgoing {
  return { type: "error", conversationId: null, code, message: `It is ${code}.`, status: 500, retryAfterSeconds: null, ...more };
}

function answerOf(conversation: Conversation): Answer {
  const answer = lastAnswer(conversation);
  if (!answer) throw new Error("there is no answer");
  return answer;
}

function standingOf(conversation: Conversation) {
  const part = answerOf(conversation).parts.find(({ kind }) => kind === "proposal");
  if (part?.kind !== "proposal") throw new Error("there is no proposal");
  return part.standing;
}

describe("an answer", () => {
  it("is what came, in its order, with pieces of text joined", () => {
    const cards: Outgoing = { type: "products", conversationId: ID, items: [card] };
    const told = after(asked, delta("Here "), delta("it is:"), cards, delta("Nice."), done);
    expect(answerOf(told).parts).toEqual([
      { kind: "text", text: "Here it is:" },
      { kind: "products", items: [card] },
      { kind: "text", text: "Nice." },
    ]);
    expect(answerOf(told)).toMatchObject({ ending: "whole", tool: null, trouble: null });
    expect(told).toMatchObject({ phase: "idle", model: "local-demo" });
  });

  it("says what is looked up until the next piece comes", () => {
    const looking = after(asked, { type: "working", conversationId: ID, tool: "search_products" });
    expect(answerOf(looking).tool).toBe("search_products");
    expect(answerOf(next(looking, heard(delta("It")))).tool).toBeNull();
  });

  it("of another conversation is not heard", () => {
    const told = after(asked, { ...delta("Old"), conversationId: "before" } as Outgoing);
    expect(answerOf(told).parts).toEqual([]);
  });

  it("that broke keeps what had come, and the conversation goes on", () => {
    const broken = after(asked, delta("Half"), failure("BROKEN", { conversationId: ID }));
    expect(answerOf(broken)).toMatchObject({ ending: "broken", trouble: { code: "BROKEN" }, parts: [{ text: "Half" }] });
    expect(broken.phase).toBe("idle");
    const again = next(broken, { ...asked, id: "q2" });
    expect(answerOf(next(again, heard(delta("Whole"))))).toMatchObject({ ending: "coming", parts: [{ text: "Whole" }] });
  });

  it("that was refused for haste says when to ask again", () => {
    const refused = after(asked, failure("TOO_MANY_QUESTIONS", { status: 429, retryAfterSeconds: 7 }));
    expect(answerOf(refused).trouble?.retryAt).toBe(NOW + 7000);
  });

  it("whose connection is lost is broken, and nothing waits for it", () => {
    const lost = after(asked, delta("Half"), { type: "lost" });
    expect(answerOf(lost)).toMatchObject({ ending: "broken", trouble: { code: "LOST" } });
    expect(lost.phase).toBe("idle");
  });
});

describe("a stopped answer", () => {
  it("takes no more pieces, and is over when the assistant has heard it", () => {
    const stopping = after(asked, delta("Half"), { type: "stopped" }, delta(" more"));
    expect(stopping.phase).toBe("stopping");
    expect(answerOf(stopping)).toMatchObject({ ending: "stopped", parts: [{ text: "Half" }] });
    expect(next(stopping, heard({ ...done, stopped: true })).phase).toBe("idle");
  });

  it("keeps the next question until then, also where it ends badly", () => {
    const queued = after(asked, { type: "stopped" }, { type: "queued", text: "A mug?" });
    expect(next(queued, heard(done))).toMatchObject({ phase: "idle", queued: "A mug?" });
    expect(next(queued, heard(failure("BROKEN", { conversationId: ID })))).toMatchObject({ phase: "idle", queued: "A mug?" });
    expect(next(queued, { type: "lost" })).toMatchObject({ phase: "idle", queued: "A mug?" });
  });
});

describe("a proposal", () => {
  const decided = after(asked, proposal, done, { type: "decided", proposalId: "p1" });

  it("is open until the shopper decides, and then what became of it", () => {
    expect(standingOf(after(asked, proposal)).status).toBe("open");
    expect(standingOf(decided).status).toBe("deciding");
    const outcome: Outgoing = { type: "outcome", conversationId: ID, proposalId: "p1", status: "REFUSED", message: "Only 2 left.", code: "OUT_OF_STOCK" };
    expect(standingOf(next(decided, heard(outcome)))).toEqual({ status: "refused", message: "Only 2 left." });
  });

  it("that was decided elsewhere is closed", () => {
    expect(standingOf(next(decided, heard(failure("DECIDED", { conversationId: ID })))).status).toBe("refused");
  });

  it("whose outcome is not known can be tried again, and says so", () => {
    expect(standingOf(next(decided, heard(failure("UNCERTAIN", { conversationId: ID }))))).toEqual({ status: "open", message: "It is UNCERTAIN." });
    expect(standingOf(next(decided, { type: "lost" }))).toMatchObject({ status: "open", message: expect.stringContaining("cart") as string });
  });

  it("that fails leaves an answer alone that is being given", () => {
    const both = next(decided, { ...asked, id: "q2" });
    const failed = next(both, heard(failure("UNCERTAIN", { conversationId: ID })));
    expect(failed.phase).toBe("answering");
    expect(answerOf(failed).trouble).toBeNull();
  });
});

describe("news of an order", () => {
  it("is told once, though it may come twice", () => {
    const told = after(shipped, shipped);
    expect(told.entries).toEqual([{ kind: "news", id: "e1", text: "Your order o1 has shipped.", orderId: "o1" }]);
  });

  it("does not end the answer that is being given", () => {
    const told = after(asked, shipped, delta("It is"), done);
    expect(answerOf(told)).toMatchObject({ ending: "whole", parts: [{ text: "It is" }] });
  });
});

describe("the history", () => {
  const turns = [
    { role: "shopper", at: "2026-01-01T00:00:00Z", text: "A lamp?", whole: true, products: [], sources: [] },
    { role: "assistant", at: "2026-01-01T00:00:01Z", text: "This one.", whole: false, products: [card], sources: [] },
    { role: "event", at: "2026-01-01T00:00:02Z", text: "Your order o1 has shipped.", whole: true, products: [], sources: [] },
  ] as const;
  const history = { type: "history", conversationId: ID, turns: [...turns] } as unknown as Outgoing;

  it("is shown after a reload; a half answer is shown as such", () => {
    const told = after({ type: "recalling", conversationId: ID }, history);
    expect(told.recall).toBe("none");
    expect(told.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "news"]);
    expect(answerOf(told)).toMatchObject({ ending: "broken", parts: [{ kind: "products" }, { kind: "text", text: "This one." }] });
  });

  it("does not tell again what was told meanwhile", () => {
    const told = after({ type: "recalling", conversationId: ID }, shipped, history);
    expect(told.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "news"]);
  });

  it("adds after a lost connection only what moved", () => {
    const told = after(asked, delta("Half"), { type: "lost" }, { type: "recalling", conversationId: ID }, history);
    expect(told.entries.map(({ kind }) => kind)).toEqual(["question", "answer", "news"]);
    expect(answerOf(told).parts).toEqual([{ kind: "text", text: "Half" }]);
  });

  it("that cannot be read can be asked for again", () => {
    expect(after({ type: "recalling", conversationId: ID }, failure("INTERNAL")).recall).toBe("failed");
    expect(after({ type: "recalling", conversationId: ID }, { type: "lost" }).recall).toBe("failed");
  });
});
