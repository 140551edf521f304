import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { PasswordField } from "@/features/auth/PasswordField";

it("shows the password on request, without spell checking", async () => {
  const user = userEvent.setup();
  render(<PasswordField error={undefined} />);
  const field = screen.getByLabelText("Password");
  expect(field).toHaveAttribute("type", "password");
  await user.click(screen.getByLabelText("Show the password"));
  expect(field).toHaveAttribute("type", "text");
  expect(field).toHaveAttribute("spellcheck", "false");
});
