import { render, screen, waitFor } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import type { StaffOrder, StaffRefund } from "@/api/types";
import { RefundForm } from "@/staff/features/orders/RefundForm";

const refund = vi.fn<(given: { key: string; refund: StaffRefund }) => Promise<void>>();

vi.mock("@/staff/features/orders/queries", () => ({ useRefund: () => ({ mutateAsync: refund }) }));

const usd = (amount: number) => ({ amount, currency: "USD" });
const ORDER = {
  orderId: "o1",
  status: "DELIVERED",
  lines: [{ productId: "lamp", name: "Lamp", quantity: 2, unitPrice: usd(2500), lineTotal: usd(5000) }],
  refundable: usd(5599),
  refundRequests: [],
  unitsToSend: [],
} as unknown as StaffOrder;

function show() {
  const onClose = vi.fn();
  const { rerender } = render(<RefundForm order={ORDER} open onClose={onClose} />);
  onClose.mockImplementation(() => rerender(<RefundForm order={ORDER} open={false} onClose={onClose} />));
  return userEvent.setup();
}

beforeEach(() => refund.mockReset().mockResolvedValue());

it("asks once more, and names the amount, before all that is left is refunded", async () => {
  const user = show();
  await user.click(screen.getByRole("button", { name: "Refund" }));
  const asked = await screen.findByRole("dialog", { name: "Refund all that is left, $55.99?" });
  expect(refund).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Refund $55.99" }));
  await waitFor(() => expect(asked).not.toHaveAttribute("open"));
  expect(refund).toHaveBeenCalledOnce();
  expect(refund.mock.calls[0]?.[0].refund).toMatchObject({ amount: null, lines: [], reason: "RETURNED" });
});

it("refunds nothing where the question is answered with no", async () => {
  const user = show();
  await user.click(screen.getByRole("button", { name: "Refund" }));
  await screen.findByRole("dialog", { name: /all that is left/ });
  await user.click(screen.getByRole("button", { name: "Keep it as it is" }));
  expect(refund).not.toHaveBeenCalled();
});

it("asks nothing where lines or an amount are named", async () => {
  const user = show();
  await user.type(screen.getByLabelText(/Amount in dollars/), "3");
  await user.click(screen.getByRole("button", { name: "Refund" }));
  await waitFor(() => expect(refund).toHaveBeenCalledOnce());
  expect(refund.mock.calls[0]?.[0].refund.amount).toEqual(usd(300));
});
