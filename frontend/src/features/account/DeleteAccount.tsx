import { useState } from "react";

import { Problem } from "@/api/problem";
import type { ProblemDetails } from "@/api/types";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { showToast } from "@/components/toast";
import { useForm } from "@/components/useForm";
import { OpenOrders } from "@/features/account/OpenOrders";
import { deleteAccount } from "@/features/account/queries";
import { signOut } from "@/features/auth/session";
import { clearAttempts } from "@/features/checkout/attempt";

const CONFIRMATION = "delete";

/** Deletes the account after the shopper has typed a confirmation, and has decided about orders that are not sent yet. */
export function DeleteAccount() {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <p className="mb-3 text-muted">Your account, addresses and cart go for good. What the law has us keep of your orders stays, without your address.</p>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Delete my account
      </Button>
      <Dialog open={open} title="Delete your account?" onClose={close}>
        <Deletion onCancel={close} />
      </Dialog>
    </>
  );
}

function Deletion({ onCancel }: { onCancel: () => void }) {
  const [openOrders, setOpenOrders] = useState<ProblemDetails>();
  async function remove(cancelOrders: boolean): Promise<void> {
    try {
      await deleteAccount({ cancelOrders });
    } catch (error) {
      if (!(error instanceof Problem && error.code === "OPEN_ORDERS")) throw error;
      setOpenOrders(error.details);
      return;
    }
    clearAttempts();
    sessionStorage.clear();
    // The account no longer exists, so the sign-out may fail; the session ends in this browser in any case.
    await signOut().catch(() => undefined);
    showToast(cancelOrders ? "Your account is deleted. The money of your cancelled orders is on its way back." : "Your account is deleted.");
  }
  return openOrders ? (
    <OpenOrders orders={openOrders.orders ?? []} count={openOrders.orderCount ?? 0} onDelete={() => remove(true)} onCancel={onCancel} />
  ) : (
    <ConfirmForm onDelete={() => remove(false)} onCancel={onCancel} />
  );
}

function ConfirmForm({ onDelete, onCancel }: { onDelete: () => Promise<void>; onCancel: () => void }) {
  const { errors, busy, form } = useForm(onDelete);
  return (
    <form {...form} className="space-y-4">
      <p>This cannot be undone.</p>
      <Field
        label={`Type “${CONFIRMATION}” to go on`}
        name="word"
        autoComplete="off"
        autoCapitalize="none"
        required
        pattern={` *[${CONFIRMATION[0]}${CONFIRMATION[0]?.toUpperCase()}]${CONFIRMATION.slice(1)} *`}
        data-required-message={`Type “${CONFIRMATION}”, or cancel.`}
        error={errors.word}
      />
      <FormError text={errors[""]}>Nothing is lost by trying again.</FormError>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          Delete my account
        </Button>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
