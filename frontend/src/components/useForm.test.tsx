import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Problem } from "@/api/problem";
import { Button } from "@/components/Button";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { type FormValues, useForm } from "@/components/useForm";

function CityForm({ send }: { send: (values: FormValues) => Promise<void> }) {
  const { errors, busy, form } = useForm(send);
  return (
    <form {...form}>
      <Field label="City" name="city" required data-required-message="Enter the city." error={errors.city} />
      <FormError text={errors[""]} />
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  );
}

function rejectWith(code: string, errors?: { path: string; message: string }[]) {
  const details = { type: "about:blank", title: code, status: 422, code, detail: "It was refused.", ...(errors ? { errors } : {}) };
  return () => Promise.reject(new Problem(details));
}

async function submit(send: (values: FormValues) => Promise<void>, city: string): Promise<HTMLElement> {
  const user = userEvent.setup();
  render(<CityForm send={send} />);
  const field = screen.getByLabelText("City");
  if (city) await user.type(field, city);
  await user.click(screen.getByRole("button", { name: "Save" }));
  return field;
}

describe("useForm", () => {
  it("shows a missing value at its field, focuses it, and sends nothing", async () => {
    const send = vi.fn();
    const field = await submit(send, "");
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription("Enter the city.");
    expect(send).not.toHaveBeenCalled();
  });

  it("takes back the message of a field once it is edited, and leaves the focus there", async () => {
    const user = userEvent.setup();
    const field = await submit(rejectWith("VALIDATION", [{ path: "body.city", message: "No such city." }, { path: "x", message: "Other." }]), "No");
    await waitFor(() => expect(field).toHaveAccessibleDescription("No such city."));
    await user.type(field, "r");
    expect(field).not.toHaveAttribute("aria-invalid");
    expect(field).toHaveFocus();
    expect(screen.getByText("Other.")).toBeVisible();
  });

  it("shows the server's error at its field, and focuses it", async () => {
    const field = await submit(rejectWith("VALIDATION", [{ path: "body.city", message: "No such city." }]), "Nowhere");
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveAccessibleDescription("No such city.");
    expect(field).toHaveValue("Nowhere");
  });

  it("shows and focuses an error that belongs to no field", async () => {
    await submit(rejectWith("CONFLICT"), "Portland");
    await waitFor(() => expect(document.activeElement).toHaveTextContent("It was refused."));
  });

  it("sends once, however often it is submitted meanwhile", async () => {
    const user = userEvent.setup();
    const send = vi.fn(() => new Promise<void>(() => undefined));
    render(<CityForm send={send} />);
    await user.type(screen.getByLabelText("City"), "Portland{Enter}{Enter}");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(send).toHaveBeenCalledOnce();
  });
});
