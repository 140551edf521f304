import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Problem } from "@/api/problem";
import type { ProblemDetails } from "@/api/types";
import { Button } from "@/components/Button";
import { showToast } from "@/components/toast";
import { ConfirmDialog } from "@/staff/components/ConfirmDialog";
import { CUSTOMERS_KEY, eraseCustomer } from "@/staff/features/customers/queries";

interface EraseCustomerProps {
  userId: string;
  email: string | null | undefined;
}

/** Erases a customer after a confirmation, and after a second one where orders are cancelled with it. */
export function EraseCustomer({ userId, email }: EraseCustomerProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<"erase" | "cancel-and-erase">();
  const [openOrders, setOpenOrders] = useState<ProblemDetails>();
  const count = openOrders?.orderCount ?? 0;

  async function erase(cancelOrders: boolean): Promise<void> {
    try {
      await eraseCustomer(userId, { cancelOrders });
    } catch (error) {
      if (!(error instanceof Problem && error.code === "OPEN_ORDERS")) throw error;
      setOpenOrders(error.details);
      setAsked("cancel-and-erase");
      return;
    }
    showToast("The customer is erased.");
    await client.invalidateQueries({ queryKey: CUSTOMERS_KEY });
  }

  /** The browser tells late that a dialog is closed, when the next question may be open. */
  function close(question: "erase" | "cancel-and-erase"): void {
    setAsked((current) => (current === question ? undefined : current));
  }

  return (
    <>
      <p className="mb-3 text-muted">Everything the shop knows of the customer goes. The figures of their orders and invoices stay, without name and address.</p>
      <Button variant="secondary" onClick={() => setAsked("erase")}>
        Erase this customer
      </Button>
      <ConfirmDialog
        open={asked === "erase"}
        title="Erase this customer?"
        action="Erase for good"
        danger
        onConfirm={() => erase(false)}
        onClose={() => close("erase")}
      >
        <p className="wrap-anywhere">
          {email ?? "The customer"} loses account, addresses, cart and conversations, at once and for good. Do it on their request only.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === "cancel-and-erase"}
        title={count === 1 ? "An order is not sent yet" : `${count} orders are not sent yet`}
        action={count === 1 ? "Cancel it and erase" : "Cancel them and erase"}
        danger
        onConfirm={() => erase(true)}
        onClose={() => close("cancel-and-erase")}
      >
        <p>
          {count === 1 ? "Order" : "Orders"} {openOrders?.orders?.map(({ orderNumber }) => orderNumber).join(", ")} {count === 1 ? "is" : "are"} paid. Without an address nothing more can be sent: what is left is
          cancelled, and its money goes back. Or wait until after delivery.
        </p>
      </ConfirmDialog>
    </>
  );
}
