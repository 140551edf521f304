import { describe, expect, it } from "vitest";

import { getAnnouncement } from "@/features/chat/announcement";
import { type Answer, type Conversation, EMPTY_CONVERSATION } from "@/features/chat/conversation";

function conversationWith(answer: Partial<Answer>): Conversation {
  const complete: Answer = { kind: "answer", id: "a1", parts: [], sources: [], tool: null, status: "complete", error: null, ...answer };
  return { ...EMPTY_CONVERSATION, id: "c1", entries: [{ kind: "question", id: "q1", text: "?" }, complete] };
}

describe("the announcement", () => {
  it("does not change while an answer is streaming", () => {
    const first = conversationWith({ status: "streaming", parts: [{ kind: "text", text: "It" }] });
    const more = conversationWith({ status: "streaming", parts: [{ kind: "text", text: "It is **there**" }] });
    expect(getAnnouncement(more)).toBe(getAnnouncement(first));
  });

  it("is the complete answer without Markdown", () => {
    const text = "It is **there**:\n\n- a [lamp](/p/lamp)\n- a `mug`";
    expect(getAnnouncement(conversationWith({ parts: [{ kind: "text", text }] }))).toBe("It is there: a lamp a mug");
  });

  it("includes an error", () => {
    const error = { code: "BUSY", message: "A great many ask.", retryAt: null };
    expect(getAnnouncement(conversationWith({ status: "interrupted", error }))).toBe("A great many ask.");
  });

  it("is empty for the history after a reload", () => {
    expect(getAnnouncement(conversationWith({ id: "c1-1", parts: [{ kind: "text", text: "Old." }] }))).toBe("");
  });
});
