import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answered, own } from "@/api/client";
import type { Address } from "@/api/types";

const ADDRESSES_KEY = ["own", "addresses"];

export const addressesQuery = queryOptions({
  queryKey: ADDRESSES_KEY,
  queryFn: async ({ signal }) => (await answered(own.GET("/api/me/addresses", { signal }))).items,
});

export type AddressDraft = Omit<Address, "addressId">;

/** Keep an address: a new one, or another text of one that is kept. */
export function useKeptAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ addressId, draft }: { addressId?: string | undefined; draft: AddressDraft }) =>
      addressId === undefined
        ? answered(own.POST("/api/me/addresses", { body: draft }))
        : answered(own.PUT("/api/me/addresses/{addressId}", { params: { path: { addressId } }, body: draft })),
    onSuccess: () => client.invalidateQueries({ queryKey: ADDRESSES_KEY }),
  });
}

export function useAddressRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (addressId: string) =>
      answered(own.DELETE("/api/me/addresses/{addressId}", { params: { path: { addressId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ADDRESSES_KEY }),
  });
}
