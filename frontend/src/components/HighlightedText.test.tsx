import { render } from "@testing-library/preact";
import { expect, it } from "vitest";

import { HighlightedText } from "@/components/HighlightedText";

it("highlights matches and shows all other markup as text", () => {
  const { container } = render(<HighlightedText html={"Fennick &amp; Lowe <mark>mug</mark> &lt;b&gt; <img src=x onerror=alert(1)>"} />);
  expect(container.textContent).toBe("Fennick & Lowe mug <b> <img src=x onerror=alert(1)>");
  expect(container.querySelectorAll("mark")).toHaveLength(1);
  expect(container.querySelector("img")).toBeNull();
});
