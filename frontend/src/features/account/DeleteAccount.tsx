import { useState } from "react";

import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Field } from "@/components/Field";
import { useForm } from "@/components/form";
import { FormFault } from "@/components/FormFault";
import { tell } from "@/components/toasts";
import { erased } from "@/features/account/queries";
import { signOut } from "@/features/auth/session";
import { forgetAttempts } from "@/features/checkout/attempt";

const WORD = "delete";

/** Deletes the account once the shopper has typed that they mean it. */
export function DeleteAccount() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <p className="mb-3 text-muted">Your account, addresses and cart go for good. What the law has us keep of your orders stays, without your address.</p>
      <Button look="quiet" onClick={() => setOpen(true)}>
        Delete my account
      </Button>
      <Dialog open={open} title="Delete your account?" onClose={() => setOpen(false)}>
        <ConfirmForm onCancel={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ConfirmForm({ onCancel }: { onCancel: () => void }) {
  const { faults, busy, form } = useForm(async () => {
    await erased();
    forgetAttempts();
    sessionStorage.clear();
    // The account is gone, and with it what a sign-out could reach: here it is forgotten in any case.
    await signOut().catch(() => undefined);
    tell("Your account is deleted.");
  });
  return (
    <form {...form} className="space-y-4">
      <p>This cannot be undone.</p>
      <Field
        label={`Type “${WORD}” to go on`}
        name="word"
        autoComplete="off"
        autoCapitalize="none"
        required
        pattern={` *[${WORD[0]}${WORD[0]?.toUpperCase()}]${WORD.slice(1)} *`}
        data-missing={`Type “${WORD}”, or cancel.`}
        error={faults.word}
      />
      <FormFault text={faults[""]}>Nothing is lost by trying again.</FormFault>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          Delete my account
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
