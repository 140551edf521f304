import { describe, expect, it } from "vitest";

import { type Answer, type Conversation, NOTHING_SAID } from "@/features/chat/conversation";
import { spoken } from "@/features/chat/words";

function saying(answer: Partial<Answer>): Conversation {
  const whole: Answer = { kind: "answer", id: "a1", parts: [], sources: [], tool: null, ending: "whole", trouble: null, ...answer };
  return { ...NOTHING_SAID, id: "c1", entries: [{ kind: "question", id: "q1", text: "?" }, whole] };
}

describe("what is announced", () => {
  it("does not change with the pieces of an answer", () => {
    const first = saying({ ending: "coming", parts: [{ kind: "text", text: "It" }] });
    const more = saying({ ending: "coming", parts: [{ kind: "text", text: "It is **there**" }] });
    expect(spoken(more)).toBe(spoken(first));
  });

  it("is a whole answer without its marks", () => {
    const text = "It is **there**:\n\n- a [lamp](/p/lamp)\n- a `mug`";
    expect(spoken(saying({ parts: [{ kind: "text", text }] }))).toBe("It is there: a lamp a mug");
  });

  it("is also what went wrong", () => {
    const trouble = { code: "BUSY", message: "A great many ask.", retryAt: null };
    expect(spoken(saying({ ending: "broken", trouble }))).toBe("A great many ask.");
  });

  it("is nothing of what was said before a reload", () => {
    expect(spoken(saying({ id: "c1-1", parts: [{ kind: "text", text: "Old." }] }))).toBe("");
  });
});
