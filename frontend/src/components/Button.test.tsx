import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Button } from "@/components/Button";

it("takes a double click for one click, also before it is busy", async () => {
  const onClick = vi.fn();
  const onSubmit = vi.fn();
  render(
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Button onClick={onClick}>Cancel the order</Button>
      <Button type="submit">Save</Button>
    </form>,
  );
  await userEvent.dblClick(screen.getByRole("button", { name: "Cancel the order" }));
  await userEvent.dblClick(screen.getByRole("button", { name: "Save" }));
  expect(onClick).toHaveBeenCalledOnce();
  expect(onSubmit).toHaveBeenCalledOnce();
});
