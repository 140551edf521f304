import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answered, own } from "@/api/client";
import type { Profile } from "@/api/types";

const PROFILE_KEY = ["own", "profile"];

export const profileQuery = queryOptions({
  queryKey: PROFILE_KEY,
  queryFn: ({ signal }) => answered(own.GET("/api/me", { signal })),
});

export type Details = Pick<Profile, "name" | "phone" | "marketingOptIn">;

export function useKeptDetails() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (details: Details) => answered(own.PUT("/api/me", { body: details })),
    onSuccess: (profile) => client.setQueryData(profileQuery.queryKey, profile),
  });
}

export function exported() {
  return answered(own.GET("/api/me/export"));
}

/** Forget the shopper. It has worked once it answers so; after a failure it is asked for again. */
export async function erased(): Promise<void> {
  await answered(own.DELETE("/api/me"));
}
