import { useState } from "react";

import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { showToast } from "@/components/toast";
import { useForm } from "@/components/useForm";
import { deleteAccount } from "@/features/account/queries";
import { signOut } from "@/features/auth/session";
import { clearAttempts } from "@/features/checkout/attempt";

const CONFIRMATION = "delete";

/** Deletes the account after the shopper has typed a confirmation. */
export function DeleteAccount() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="mb-3 text-muted">Your account, addresses and cart go for good. What the law has us keep of your orders stays, without your address.</p>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        Delete my account
      </Button>
      <Dialog open={open} title="Delete your account?" onClose={() => setOpen(false)}>
        <ConfirmForm onCancel={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ConfirmForm({ onCancel }: { onCancel: () => void }) {
  const { errors, busy, form } = useForm(async () => {
    await deleteAccount();
    clearAttempts();
    sessionStorage.clear();
    // The account no longer exists, so the sign-out may fail; the session ends in this browser in any case.
    await signOut().catch(() => undefined);
    showToast("Your account is deleted.");
  });
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
