import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { QuantityStepper } from "@/components/QuantityStepper";

it("accepts digits only, and reports the number on blur", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(<QuantityStepper name="Spoon" value={2} max={50} onChange={onChange} />);
  const field = screen.getByLabelText("Quantity of Spoon", { selector: "input" });
  await user.type(field, "ab");
  expect(field).toHaveValue("2");
  await user.type(field, "1");
  expect(field).toHaveValue("21");
  expect(onChange).not.toHaveBeenCalled();
  await user.tab();
  expect(onChange).toHaveBeenCalledExactlyOnceWith(21);
});

it("restores the previous number if the field is left empty", async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(<QuantityStepper name="Spoon" value={2} onChange={onChange} />);
  const field = screen.getByLabelText("Quantity of Spoon", { selector: "input" });
  await user.clear(field);
  await user.tab();
  expect(field).toHaveValue("2");
  expect(onChange).not.toHaveBeenCalled();
});
