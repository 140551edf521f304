import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Profile } from "@/api/types";

export const profileQuery = queryOptions({
  queryKey: ["me", "profile"],
  queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/me", { signal })),
});

type ProfileUpdate = Pick<Profile, "name" | "phone">;

export function useUpdateProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (update: ProfileUpdate) => unwrap(authenticatedApi.PUT("/api/me", { body: update })),
    onSuccess: (profile) => client.setQueryData(profileQuery.queryKey, profile),
  });
}

export function fetchDataExport() {
  return unwrap(authenticatedApi.GET("/api/me/export"));
}

/**
 * Deletes the account. Safe to repeat after a failure: one that was deleted before is deleted.
 * Throws the problem `OPEN_ORDERS` while paid orders are not sent, unless they are to be cancelled and refunded.
 */
export async function deleteAccount({ cancelOrders }: { cancelOrders: boolean }): Promise<void> {
  try {
    await unwrap(authenticatedApi.DELETE("/api/me", { params: { query: { cancelOrders } } }));
  } catch (error) {
    if (!(error instanceof Problem && error.code === "ACCOUNT_ERASED")) throw error;
  }
}
