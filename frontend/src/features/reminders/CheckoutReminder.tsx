import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Profile } from "@/api/types";
import { profileQuery } from "@/features/account/queries";
import { CartReminderCheckbox } from "@/features/reminders/CartReminderCheckbox";

/** Asks in the checkout, where the shopper has not agreed yet. Nothing depends on it, so it waits for nothing and shows no error. */
export function CheckoutReminder() {
  const { data: profile } = useQuery(profileQuery);
  return profile ? <Question profile={profile} /> : null;
}

function Question({ profile }: { profile: Profile }) {
  // Once asked it stays, so that a tick can be taken back.
  const [isAsked] = useState(!profile.cartReminders);
  if (!isAsked) return null;
  return (
    <div className="mt-5">
      <CartReminderCheckbox profile={profile} />
    </div>
  );
}
