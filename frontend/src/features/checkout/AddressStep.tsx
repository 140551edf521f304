import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Address } from "@/api/types";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Loading, Skeleton } from "@/components/Skeleton";
import { AddressForm } from "@/features/addresses/AddressForm";
import { AddressText } from "@/features/addresses/AddressText";
import { addressesQuery } from "@/features/addresses/queries";

interface AddressStepProps {
  /** Undefined if the shopper has no address. */
  selected: Address | undefined;
  onSelect: (addressId: string) => void;
}

/** Selects one of the shopper's addresses, or saves a new one. */
export function AddressStep({ selected, onSelect }: AddressStepProps) {
  const { data, error, isPending, isFetching, refetch } = useQuery(addressesQuery);
  const [edited, setEdited] = useState<Address | "new">();

  if (isPending) {
    return (
      <Loading subject="your addresses" className="space-y-3">
        <Skeleton className="h-6 w-56" />
        <Skeleton className="h-6 w-72" />
      </Loading>
    );
  }
  if (!data) return <ErrorState subject="Your addresses" error={error} onRetry={refetch} busy={isFetching} />;
  if (data.length === 0 || edited) {
    return (
      <AddressForm
        key={edited === "new" || !edited ? "new" : edited.addressId}
        address={edited === "new" ? undefined : edited}
        submitLabel="Use this address"
        draftKey="ecom67.address"
        onSaved={({ addressId }) => {
          setEdited(undefined);
          onSelect(addressId);
        }}
        onCancel={data.length > 0 ? () => setEdited(undefined) : undefined}
      />
    );
  }
  return (
    <div className="space-y-4">
      <div role="radiogroup" aria-label="Delivery address" className="grid gap-3 sm:grid-cols-2">
        {data.map((address) => (
          <label
            key={address.addressId}
            className="flex items-start gap-3 rounded-control border border-edge px-4 py-3 has-checked:border-action has-checked:bg-tint"
          >
            <input
              type="radio"
              name="address"
              value={address.addressId}
              checked={address.addressId === selected?.addressId}
              onChange={() => onSelect(address.addressId)}
              className="mt-1 size-4.5 shrink-0"
            />
            <AddressText address={address} />
          </label>
        ))}
      </div>
      <div className="flex flex-wrap gap-x-6 gap-y-1">
        {selected && (
          <Button variant="link" onClick={() => setEdited(selected)}>
            Change this address
          </Button>
        )}
        <Button variant="link" onClick={() => setEdited("new")}>
          Another address
        </Button>
      </div>
    </div>
  );
}
