import { useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, publicApi, unwrap } from "@/api/client";
import { profileQuery } from "@/features/account/queries";

/** Records whether the shopper agrees to be reminded of a cart. */
export function useCartReminderConsent() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (cartReminders: boolean) => unwrap(authenticatedApi.PUT("/api/me/consents", { body: { cartReminders } })),
    onSuccess: (profile) => client.setQueryData(profileQuery.queryKey, profile),
  });
}

/** Ends reminders by the link of a mail. Safe to repeat. */
export function unsubscribe(token: string) {
  return unwrap(publicApi.POST("/api/mail-preferences/{token}/unsubscribe", { params: { path: { token } } }));
}
