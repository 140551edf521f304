import { render, screen } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { expect, it, vi } from "vitest";

import { UnitPicker } from "@/features/returns/UnitPicker";
import { WithdrawByNumber } from "@/features/returns/WithdrawByNumber";
import { type Declaration } from "@/features/returns/WithdrawalSteps";

const LAMP = { productId: "lamp", name: "Lamp", quantity: 2, unitPrice: { amount: 2450, currency: "USD" } };
const CUP = { productId: "cup", name: "Cup", quantity: 1, unitPrice: { amount: 1050, currency: "USD" } };

const steps = vi.hoisted(() => ({
  declareWithdrawal: vi.fn(() => Promise.resolve({ withdrawalId: "w", statedAt: "2026-12-01T11:59:00.000Z" })),
  confirmWithdrawal: vi.fn(() => Promise.resolve({ withdrawalId: "w", receivedAt: "2026-12-01T12:00:00.000Z" })),
}));
vi.mock("@/features/returns/queries", () => steps);

function pick() {
  const declared: Declaration[] = [];
  const declare = (declaration: Declaration) => {
    declared.push(declaration);
    return Promise.resolve();
  };
  render(<UnitPicker lines={[LAMP, CUP]} orderNumber="2A3C4D5E6F" order={{ token: "signed" }} declare={declare} />);
  return declared;
}

it("gives up all of an order at first, without naming its units", async () => {
  const declared = pick();
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(declared.map(({ request }) => request)).toEqual([{ token: "signed" }]);
});

it("names the units where something is kept", async () => {
  const declared = pick();
  await userEvent.click(screen.getByRole("checkbox", { name: /Cup/ }));
  await userEvent.click(screen.getByRole("button", { name: "One less of Lamp" }));
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(declared.map(({ request }) => request)).toEqual([{ token: "signed", lines: [{ productId: "lamp", quantity: 1 }] }]);
});

it("says that nothing was chosen", async () => {
  const declared = pick();
  await userEvent.click(screen.getByRole("checkbox", { name: /Lamp/ }));
  await userEvent.click(screen.getByRole("checkbox", { name: /Cup/ }));
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(screen.getByText("Choose at least one thing.")).toBeVisible();
  expect(declared).toEqual([]);
});

it("withdraws in two steps by number and address, and says when it was received", async () => {
  render(
    <MemoryRouter>
      <WithdrawByNumber />
    </MemoryRouter>,
  );
  await userEvent.type(screen.getByLabelText("Order number"), "2a3c4d5e6f");
  await userEvent.type(screen.getByLabelText("E-mail address"), "ada@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  await userEvent.click(await screen.findByRole("button", { name: "Confirm withdrawal" }));
  expect(await screen.findByText("Your withdrawal was received")).toBeVisible();
  expect(screen.getByText(/December 1, 2026/)).toBeVisible();
  expect(steps.declareWithdrawal).toHaveBeenCalledExactlyOnceWith({ orderId: "2a3c4d5e6f", email: "ada@example.com" });
  expect(steps.confirmWithdrawal).toHaveBeenCalledExactlyOnceWith("w");
});
