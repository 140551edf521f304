import { render, screen } from "@testing-library/preact";
import { MemoryRouter } from "react-router";
import { describe, expect, it } from "vitest";

import { AnswerText } from "@/features/chat/AnswerText";

function renderAnswer(text: string): Element {
  return render(
    <MemoryRouter>
      <AnswerText>{text}</AnswerText>
    </MemoryRouter>,
  ).container;
}

describe("the text of an answer", () => {
  it("renders Markdown", () => {
    renderAnswer("It is **there**:\n\n- one\n- two");
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
  ])("renders no HTML, no image and no external link: %s", (text) => {
    expect(renderAnswer(text).querySelector("img, script, iframe, a, [onerror]")).toBeNull();
  });

  it("links to pages of the shop", () => {
    renderAnswer("See [returns](/help/returns).");
    expect(screen.getByRole("link", { name: "returns" })).toHaveAttribute("href", "/help/returns");
  });
});
