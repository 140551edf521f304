import { render } from "@testing-library/preact";
import { expect, it } from "vitest";

import { Marked } from "@/components/Marked";

it("marks what fits and shows everything else as text", () => {
  const { container } = render(<Marked html={"Fennick &amp; Lowe <mark>mug</mark> &lt;b&gt; <img src=x onerror=alert(1)>"} />);
  expect(container.textContent).toBe("Fennick & Lowe mug <b> <img src=x onerror=alert(1)>");
  expect(container.querySelectorAll("mark")).toHaveLength(1);
  expect(container.querySelector("img")).toBeNull();
});
