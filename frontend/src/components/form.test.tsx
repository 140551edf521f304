import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Problem } from "@/api/problem";
import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { useForm, type Values } from "@/components/form";
import { FormFault } from "@/components/FormFault";

function TownForm({ send }: { send: (values: Values) => Promise<void> }) {
  const { faults, busy, form } = useForm(send);
  return (
    <form {...form}>
      <Field label="City" name="city" required data-missing="Enter the city." error={faults.city} />
      <FormFault text={faults[""]} />
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  );
}

function refusing(code: string, errors?: { path: string; message: string }[]) {
  const details = { type: "about:blank", title: code, status: 422, code, detail: "It was refused.", ...(errors ? { errors } : {}) };
  return () => Promise.reject(new Problem(details));
}

async function sent(send: (values: Values) => Promise<void>, city: string): Promise<HTMLElement> {
  const user = userEvent.setup();
  render(<TownForm send={send} />);
  const field = screen.getByLabelText("City");
  if (city) await user.type(field, city);
  await user.click(screen.getByRole("button", { name: "Save" }));
  return field;
}

describe("a form", () => {
  it("says what is missing at its field, focuses that, and sends nothing", async () => {
    const send = vi.fn();
    const field = await sent(send, "");
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription("Enter the city.");
    expect(send).not.toHaveBeenCalled();
  });

  it("tells the server's fault at its field, and focuses that", async () => {
    const field = await sent(refusing("VALIDATION", [{ path: "body.city", message: "No such city." }]), "Nowhere");
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveAccessibleDescription("No such city.");
    expect(field).toHaveValue("Nowhere");
  });

  it("tells what concerns no field of its own above the button, and focuses that", async () => {
    await sent(refusing("CONFLICT"), "Portland");
    await waitFor(() => expect(document.activeElement).toHaveTextContent("It was refused."));
  });

  it("is sent once, however often it is asked for meanwhile", async () => {
    const user = userEvent.setup();
    const send = vi.fn(() => new Promise<void>(() => undefined));
    render(<TownForm send={send} />);
    await user.type(screen.getByLabelText("City"), "Portland{Enter}{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(send).toHaveBeenCalledOnce();
  });
});
