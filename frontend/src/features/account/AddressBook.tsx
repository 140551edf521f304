import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { getErrorMessage } from "@/api/problem";
import type { Address } from "@/api/types";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Loading, Skeleton } from "@/components/Skeleton";
import { showToast } from "@/components/toast";
import { AddressForm } from "@/features/addresses/AddressForm";
import { AddressText } from "@/features/addresses/AddressText";
import { addressesQuery, useDeleteAddress, useSaveAddress } from "@/features/addresses/queries";

export function AddressBook() {
  const { data, error, isPending, isFetching, refetch } = useQuery(addressesQuery);
  const [edited, setEdited] = useState<Address | "new">();
  if (isPending) {
    return (
      <Loading subject="your addresses">
        <Skeleton className="h-24" />
      </Loading>
    );
  }
  if (!data) return <ErrorState subject="Your addresses" error={error} onRetry={refetch} busy={isFetching} />;
  return (
    <>
      {data.length === 0 && <p className="text-muted">None yet. The first one is also kept when you order.</p>}
      <ul className="grid gap-4 sm:grid-cols-2">
        {data.map((address) => (
          <li key={address.addressId} className="flex flex-col rounded-control border border-line p-4">
            <AddressEntry address={address} onEdit={() => setEdited(address)} />
          </li>
        ))}
      </ul>
      <Button variant="secondary" className="mt-4" onClick={() => setEdited("new")}>
        Add an address
      </Button>
      <Dialog open={edited !== undefined} title={edited === "new" ? "Add an address" : "Change the address"} onClose={() => setEdited(undefined)}>
        <AddressForm
          address={edited === "new" ? undefined : edited}
          submitLabel="Save"
          onSaved={() => {
            setEdited(undefined);
            showToast("The address is saved.");
          }}
          onCancel={() => setEdited(undefined)}
        />
      </Dialog>
    </>
  );
}

function AddressEntry({ address, onEdit }: { address: Address; onEdit: () => void }) {
  const deleteAddress = useDeleteAddress();
  const saveAddress = useSaveAddress();
  const { addressId, isDefault, line1 } = address;
  const onError = (error: Error) => showToast(getErrorMessage(error), { tone: "error" });

  async function remove(): Promise<void> {
    try {
      await deleteAddress.mutateAsync(addressId);
      // Also where the list is read again first, and has no such entry any more.
      showToast(`${line1} was removed.`);
    } catch (error) {
      showToast(getErrorMessage(error), { tone: "error" });
    }
  }

  return (
    <>
      <div className="flex-1">
        <AddressText address={address} />
      </div>
      {isDefault && <p className="mt-2 text-small font-semibold text-action">Offered first when you order</p>}
      <div className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-small">
        <Button variant="link" aria-label={`Change ${line1}`} onClick={onEdit}>
          Change
        </Button>
        <Button variant="link" aria-label={`Remove ${line1}`} busy={deleteAddress.isPending} onClick={() => void remove()}>
          Remove
        </Button>
        {!isDefault && (
          <Button
            variant="link"
            aria-label={`Offer ${line1} first`}
            busy={saveAddress.isPending}
            onClick={() => saveAddress.mutate({ addressId, draft: { ...toDraft(address), isDefault: true } }, { onError })}
          >
            Offer first
          </Button>
        )}
      </div>
    </>
  );
}

function toDraft({ name, line1, line2, city, region, postalCode, country, phone }: Address) {
  return {
    ...{ name, line1, line2: line2 ?? null, city: city ?? null, region: region ?? null },
    ...{ postalCode: postalCode ?? null, country, phone: phone ?? null },
  };
}
