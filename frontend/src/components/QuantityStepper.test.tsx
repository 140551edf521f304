import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { QuantityStepper } from "@/components/QuantityStepper";

it("takes digits only, and tells of the number when it is left", async () => {
  const user = userEvent.setup();
  const change = vi.fn();
  render(<QuantityStepper name="Spoon" value={2} max={50} onChange={change} />);
  const field = screen.getByLabelText("Quantity of Spoon", { selector: "input" });
  await user.type(field, "ab");
  expect(field).toHaveValue("2");
  await user.type(field, "1");
  expect(field).toHaveValue("21");
  expect(change).not.toHaveBeenCalled();
  await user.tab();
  expect(change).toHaveBeenCalledExactlyOnceWith(21);
});

it("goes back to the number that stood there when nothing is typed instead", async () => {
  const user = userEvent.setup();
  const change = vi.fn();
  render(<QuantityStepper name="Spoon" value={2} onChange={change} />);
  const field = screen.getByLabelText("Quantity of Spoon", { selector: "input" });
  await user.clear(field);
  await user.tab();
  expect(field).toHaveValue("2");
  expect(change).not.toHaveBeenCalled();
});
