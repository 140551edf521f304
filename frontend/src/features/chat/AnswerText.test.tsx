import { render, screen } from "@testing-library/preact";
import { MemoryRouter } from "react-router";
import { describe, expect, it } from "vitest";

import { AnswerText } from "@/features/chat/AnswerText";

function shown(text: string): Element {
  return render(
    <MemoryRouter>
      <AnswerText>{text}</AnswerText>
    </MemoryRouter>,
  ).container;
}

describe("the text of an answer", () => {
  it("is markdown", () => {
    shown("It is **there**:\n\n- one\n- two");
    expect(screen.getByText("there").tagName).toBe("STRONG");
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
  });

  it.each([
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "![a](https://elsewhere.example/pixel.gif)",
    "<iframe src='https://elsewhere.example'></iframe>",
    "[a](javascript:alert(1))",
    "[a](//elsewhere.example)",
    "[a](https://elsewhere.example)",
    "[a](data:text/html,x)",
  ])("has no HTML, no picture, and no way out of the shop: %s", (text) => {
    expect(shown(text).querySelector("img, script, iframe, a, [onerror]")).toBeNull();
  });

  it("leads to the shop's own pages", () => {
    shown("See [returns](/help/returns).");
    expect(screen.getByRole("link", { name: "returns" })).toHaveAttribute("href", "/help/returns");
  });
});
