import type { ReactNode } from "react";

import type { Address } from "@/api/types";
import { Button } from "@/components/Button";
import { Checkbox, Field, SelectField } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { type FormValues, readFormValues, useForm } from "@/components/useForm";
import { COUNTRIES, getDefaultCountry } from "@/features/addresses/countries";
import { useSaveAddress } from "@/features/addresses/queries";
import { useSession } from "@/features/auth/session";

interface AddressFormProps {
  /** The address to edit; undefined for a new one. */
  address?: Address | undefined;
  submitLabel: string;
  onSaved: (address: Address) => void;
  onCancel?: (() => void) | undefined;
  /** Key in the session storage that keeps the typed values across a reload. */
  draftKey?: string;
}

export function AddressForm({ address, submitLabel, onSaved, onCancel, draftKey }: AddressFormProps) {
  const { mutateAsync } = useSaveAddress();
  const session = useSession();
  const defaults: FormValues = session.status === "signedIn" && session.name ? { name: session.name } : {};
  const draft: FormValues = address ? {} : { ...defaults, ...readDraft(draftKey) };
  const { errors, busy, form } = useForm(async (values) => {
    const { name = "", line1 = "", line2 = "", city = "", postalCode = "", country = "" } = values;
    const saved = await mutateAsync({
      addressId: address?.addressId,
      draft: { name, line1, line2: line2 || null, city, postalCode, country, isDefault: values.isDefault === "on" },
    });
    if (draftKey) sessionStorage.removeItem(draftKey);
    onSaved(saved);
  });
  const field = (name: "name" | "line1" | "line2" | "city" | "postalCode") => ({
    name,
    defaultValue: address?.[name] ?? draft[name] ?? "",
    error: errors[name],
  });
  return (
    <form
      {...form}
      onInput={(event) => {
        form.onInput(event);
        const { currentTarget } = event;
        if (draftKey) sessionStorage.setItem(draftKey, JSON.stringify(readFormValues(currentTarget)));
      }}
      className="space-y-4"
    >
      <Field label="Name" {...field("name")} autoComplete="shipping name" required data-required-message="Enter the name on the parcel." />
      <Field
        label="Street and number"
        {...field("line1")}
        autoComplete="shipping address-line1"
        required
        data-required-message="Enter street and number."
      />
      <Field label="Flat, floor, company (optional)" {...field("line2")} autoComplete="shipping address-line2" />
      <FieldRow>
        <Field
          label="Postal code"
          {...field("postalCode")}
          autoComplete="shipping postal-code"
          required
          data-required-message="Enter the postal code."
        />
        <Field label="City" {...field("city")} autoComplete="shipping address-level2" required data-required-message="Enter the city." />
      </FieldRow>
      <SelectField
        label="Country"
        name="country"
        autoComplete="shipping country"
        defaultValue={address?.country ?? draft.country ?? getDefaultCountry()}
        error={errors.country}
      >
        {COUNTRIES.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      {!address?.isDefault && <Checkbox label="Offer this address first" name="isDefault" defaultChecked={draft.isDefault === "on"} />}
      <FormError text={errors[""]} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          {submitLabel}
        </Button>
        {onCancel && (
          <Button variant="secondary" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

function FieldRow({ children }: { children: ReactNode }) {
  return <div className="grid items-start gap-4 sm:grid-cols-[10rem_1fr]">{children}</div>;
}

function readDraft(key: string | undefined): FormValues {
  try {
    return JSON.parse((key && sessionStorage.getItem(key)) ?? "{}") as FormValues;
  } catch {
    return {};
  }
}
