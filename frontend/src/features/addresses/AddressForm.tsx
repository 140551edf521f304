import type { ReactNode } from "react";

import type { Address } from "@/api/types";
import { Button } from "@/components/Button";
import { CheckField, Field, SelectField } from "@/components/Field";
import { useForm, type Values, valuesOf } from "@/components/form";
import { FormFault } from "@/components/FormFault";
import { COUNTRIES, likelyCountry } from "@/features/addresses/countries";
import { useKeptAddress } from "@/features/addresses/queries";
import { useSession } from "@/features/auth/session";

interface AddressFormProps {
  /** The one to change; none for a new one. */
  address?: Address | undefined;
  /** What the button says. */
  action: string;
  onKept: (address: Address) => void;
  onCancel?: (() => void) | undefined;
  /** Where to keep what was typed over a reload; nowhere by default. */
  draftKey?: string;
}

export function AddressForm({ address, action, onKept, onCancel, draftKey }: AddressFormProps) {
  const { mutateAsync } = useKeptAddress();
  const session = useSession();
  const known: Values = session.status === "signedIn" && session.name ? { name: session.name } : {};
  const draft: Values = address ? {} : { ...known, ...draftIn(draftKey) };
  const { faults, busy, form } = useForm(async (values) => {
    const { name = "", line1 = "", line2 = "", city = "", postalCode = "", country = "" } = values;
    const kept = await mutateAsync({
      addressId: address?.addressId,
      draft: { name, line1, line2: line2 || null, city, postalCode, country, isDefault: values.isDefault === "on" },
    });
    if (draftKey) sessionStorage.removeItem(draftKey);
    onKept(kept);
  });
  const field = (name: "name" | "line1" | "line2" | "city" | "postalCode") => ({
    name,
    defaultValue: address?.[name] ?? draft[name] ?? "",
    error: faults[name],
  });
  return (
    <form
      {...form}
      onInput={({ currentTarget }) => {
        if (draftKey) sessionStorage.setItem(draftKey, JSON.stringify(valuesOf(currentTarget)));
      }}
      className="space-y-4"
    >
      <Field label="Name" {...field("name")} autoComplete="shipping name" required data-missing="Enter the name on the parcel." />
      <Field
        label="Street and number"
        {...field("line1")}
        autoComplete="shipping address-line1"
        required
        data-missing="Enter street and number."
      />
      <Field label="Flat, floor, company (optional)" {...field("line2")} autoComplete="shipping address-line2" />
      <Pair>
        <Field
          label="Postal code"
          {...field("postalCode")}
          autoComplete="shipping postal-code"
          required
          data-missing="Enter the postal code."
        />
        <Field label="City" {...field("city")} autoComplete="shipping address-level2" required data-missing="Enter the city." />
      </Pair>
      <SelectField
        label="Country"
        name="country"
        autoComplete="shipping country"
        defaultValue={address?.country ?? draft.country ?? likelyCountry()}
        error={faults.country}
      >
        {COUNTRIES.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      {!address?.isDefault && <CheckField label="Offer this address first" name="isDefault" defaultChecked={draft.isDefault === "on"} />}
      <FormFault text={faults[""]} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          {action}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

function Pair({ children }: { children: ReactNode }) {
  return <div className="grid items-start gap-4 sm:grid-cols-[10rem_1fr]">{children}</div>;
}

function draftIn(key: string | undefined): Values {
  try {
    return JSON.parse((key && sessionStorage.getItem(key)) ?? "{}") as Values;
  } catch {
    return {};
  }
}
