import { getErrorMessage } from "@/api/problem";
import type { Profile } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Checkbox } from "@/components/Field";
import { showToast } from "@/components/toast";
import { useCartReminderConsent } from "@/features/reminders/queries";

/** Agrees to reminders of a cart, or takes that back. Nothing is ticked that the shopper has not ticked. */
export function CartReminderCheckbox({ profile }: { profile: Profile }) {
  const { mutate, isPending, variables, error } = useCartReminderConsent();
  function change(agrees: boolean): void {
    if (isPending) return;
    mutate(agrees, {
      onSuccess: () => showToast(agrees ? "We will remind you of a cart that you leave." : "You get no reminders of your cart."),
    });
  }
  return (
    <div>
      <Checkbox
        label="Remind me by e-mail, once, when I leave something in my cart"
        checked={isPending ? variables : profile.cartReminders}
        aria-busy={isPending}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      <p className="text-small text-muted">You can take this back here at any time, and by a link in each reminder.</p>
      {error && <Alert tone="error">{getErrorMessage(error)}</Alert>}
    </div>
  );
}
