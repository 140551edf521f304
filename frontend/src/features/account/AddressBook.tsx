import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { sentenceOf } from "@/api/problem";
import type { Address } from "@/api/types";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Loading, Skeleton } from "@/components/Skeleton";
import { tell } from "@/components/toasts";
import { AddressForm } from "@/features/addresses/AddressForm";
import { AddressText } from "@/features/addresses/AddressText";
import { addressesQuery, useAddressRemoval, useKeptAddress } from "@/features/addresses/queries";

export function AddressBook() {
  const { data, error, isPending, isFetching, refetch } = useQuery(addressesQuery);
  const [edited, setEdited] = useState<Address | "new">();
  if (isPending) {
    return (
      <Loading what="your addresses">
        <Skeleton className="h-24" />
      </Loading>
    );
  }
  if (!data) return <ErrorState what="Your addresses" error={error} retry={refetch} busy={isFetching} />;
  return (
    <>
      {data.length === 0 && <p className="text-muted">None yet. The first one is also kept when you order.</p>}
      <ul className="grid gap-4 sm:grid-cols-2">
        {data.map((address) => (
          <li key={address.addressId} className="flex flex-col rounded-control border border-line p-4">
            <Entry address={address} onEdit={() => setEdited(address)} />
          </li>
        ))}
      </ul>
      <Button look="quiet" className="mt-4" onClick={() => setEdited("new")}>
        Add an address
      </Button>
      <Dialog open={edited !== undefined} title={edited === "new" ? "Add an address" : "Change the address"} onClose={() => setEdited(undefined)}>
        <AddressForm
          address={edited === "new" ? undefined : edited}
          action="Save"
          onKept={() => {
            setEdited(undefined);
            tell("The address is saved.");
          }}
          onCancel={() => setEdited(undefined)}
        />
      </Dialog>
    </>
  );
}

function Entry({ address, onEdit }: { address: Address; onEdit: () => void }) {
  const removal = useAddressRemoval();
  const keeping = useKeptAddress();
  const { addressId, isDefault, line1 } = address;
  const onError = (error: Error) => tell(sentenceOf(error), { tone: "wrong" });

  function remove(): void {
    removal.mutate(addressId, { onSuccess: () => tell(`${line1} was removed.`), onError });
  }

  return (
    <>
      <div className="flex-1">
        <AddressText address={address} />
      </div>
      {isDefault && <p className="mt-2 text-small font-semibold text-action">Offered first when you order</p>}
      <div className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-small">
        <Button look="plain" aria-label={`Change ${line1}`} onClick={onEdit}>
          Change
        </Button>
        <Button look="plain" aria-label={`Remove ${line1}`} busy={removal.isPending} onClick={remove}>
          Remove
        </Button>
        {!isDefault && (
          <Button
            look="plain"
            aria-label={`Offer ${line1} first`}
            busy={keeping.isPending}
            onClick={() => keeping.mutate({ addressId, draft: { ...draftOf(address), isDefault: true } }, { onError })}
          >
            Offer first
          </Button>
        )}
      </div>
    </>
  );
}

function draftOf({ name, line1, line2, city, postalCode, country }: Address) {
  return { name, line1, line2: line2 ?? null, city, postalCode, country };
}
