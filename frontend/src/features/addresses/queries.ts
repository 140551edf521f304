import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { Address } from "@/api/types";

const ADDRESSES_KEY = ["me", "addresses"];

export const addressesQuery = queryOptions({
  queryKey: ADDRESSES_KEY,
  queryFn: async ({ signal }) => (await unwrap(authenticatedApi.GET("/api/me/addresses", { signal }))).items,
});

type AddressDraft = Omit<Address, "addressId">;

/** Creates an address, or updates the one with the given id. */
export function useSaveAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ addressId, draft }: { addressId?: string | undefined; draft: AddressDraft }) =>
      addressId === undefined
        ? unwrap(authenticatedApi.POST("/api/me/addresses", { body: draft }))
        : unwrap(authenticatedApi.PUT("/api/me/addresses/{addressId}", { params: { path: { addressId } }, body: draft })),
    onSuccess: () => client.invalidateQueries({ queryKey: ADDRESSES_KEY }),
  });
}

export function useDeleteAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (addressId: string) =>
      unwrap(authenticatedApi.DELETE("/api/me/addresses/{addressId}", { params: { path: { addressId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ADDRESSES_KEY }),
  });
}
