import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import type { Address, AddressFormat } from "@/api/types";
import { Button } from "@/components/Button";
import { Checkbox, Field, SelectField } from "@/components/Field";
import { FormError } from "@/components/FormError";
import { Skeleton } from "@/components/Skeleton";
import { type FormErrors, type FormValues, readFormValues, useForm } from "@/components/useForm";
import { COUNTRIES, getDefaultCountry } from "@/features/addresses/countries";
import { toInternationalPhone } from "@/features/addresses/phone";
import { useSaveAddress } from "@/features/addresses/queries";
import { useSession } from "@/features/auth/session";
import { addressFormatQuery } from "@/features/delivery/queries";

interface AddressFormProps {
  /** The address to edit; undefined for a new one. */
  address?: Address | undefined;
  submitLabel: string;
  onSaved: (address: Address) => void;
  onCancel?: (() => void) | undefined;
  /** Key in the session storage that keeps the typed values across a reload. */
  draftKey?: string;
}

/** An address, with the fields that its country has. The server says what it lacks. */
export function AddressForm({ address, submitLabel, onSaved, onCancel, draftKey }: AddressFormProps) {
  const { mutateAsync } = useSaveAddress();
  const session = useSession();
  const defaults: FormValues = session.status === "signedIn" && session.name ? { name: session.name } : {};
  const [draft] = useState<FormValues>(() => (address ? toValues(address) : { ...defaults, ...readDraft(draftKey) }));
  const [country, setCountry] = useState(draft.country ?? getDefaultCountry());
  const { isPending: isFormPending } = useQuery(addressFormatQuery(country));
  const { errors, busy, form } = useForm(async (values) => {
    const { name = "", line1 = "" } = values;
    const saved = await mutateAsync({
      addressId: address?.addressId,
      draft: {
        ...{ name, line1, country, isDefault: values.isDefault === "on" },
        ...{ line2: orNull(values.line2), city: orNull(values.city), region: orNull(values.region) },
        ...{ postalCode: orNull(values.postalCode), phone: toInternationalPhone(values.phone ?? "", country) },
      },
    });
    if (draftKey) sessionStorage.removeItem(draftKey);
    onSaved(saved);
  });
  const field = (name: "name" | "line1" | "line2" | "phone") => ({ name, defaultValue: draft[name] ?? "", error: errors[name] });
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
      <SelectField
        label="Country"
        name="country"
        autoComplete="shipping country"
        value={country}
        onChange={({ currentTarget }) => setCountry(currentTarget.value)}
        error={errors.country}
      >
        {COUNTRIES.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <Field label="Name" {...field("name")} autoComplete="shipping name" required data-required-message="Enter the name on the parcel." />
      <Field
        label="Street and number"
        {...field("line1")}
        autoComplete="shipping address-line1"
        required
        data-required-message="Enter street and number."
      />
      <Field label="Flat, floor, company (optional)" {...field("line2")} autoComplete="shipping address-line2" />
      <CountryFields key={country} country={country} draft={draft} errors={errors} />
      <Field
        label="Telephone (optional)"
        hint="For the carrier. It calls before it brings large things."
        {...field("phone")}
        error={errors.phone && "This is not a number with the code of its country, such as +1 503 555 0100."}
        type="tel"
        autoComplete="shipping tel"
      />
      {!address?.isDefault && <Checkbox label="Offer this address first" name="isDefault" defaultChecked={draft.isDefault === "on"} />}
      <FormError text={errors[""]} />
      <div className="flex flex-wrap gap-3">
        {/* Without the fields of the country the address would lack what they hold. */}
        <Button type="submit" busy={busy || isFormPending}>
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

/** While the form of a country cannot be read, the fields that most countries have; the server judges them all the same. */
const COMMON_FORMAT: AddressFormat = {
  country: "",
  fields: ["city", "region", "postalCode"],
  required: [],
  regionLabel: "state or province",
  regions: [],
  cityLabel: "city",
  postalCodeLabel: "postal code",
  postalCodePattern: "",
  postalCodeExample: "",
};

interface CountryFieldsProps {
  country: string;
  draft: FormValues;
  errors: FormErrors;
}

/** City, region and postal code, in the order and by the names of the country. */
function CountryFields({ country, draft, errors }: CountryFieldsProps) {
  const { data, isPending } = useQuery(addressFormatQuery(country));
  if (isPending) return <Skeleton className="h-40" />;
  const format = data ?? COMMON_FORMAT;
  const labels = { city: format.cityLabel, region: format.regionLabel, postalCode: format.postalCodeLabel };
  const props = (name: keyof typeof labels) => {
    const required = format.required.includes(name);
    return {
      name,
      label: capitalize(labels[name]) + (required || !data ? "" : " (optional)"),
      defaultValue: draft[name] ?? "",
      error: errors[name],
      required,
      "data-required-message": `Enter the ${labels[name]}.`,
    };
  };
  const fields: Record<string, ReactNode> = {
    city: <Field key="city" {...props("city")} autoComplete="shipping address-level2" />,
    region:
      format.regions.length > 0 ? (
        <SelectField key="region" {...props("region")} autoComplete="shipping address-level1">
          <option value="">Choose</option>
          {format.regions.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
      ) : (
        <Field key="region" {...props("region")} autoComplete="shipping address-level1" />
      ),
    postalCode: (
      <Field
        key="postalCode"
        {...props("postalCode")}
        {...(format.postalCodeExample ? { placeholder: format.postalCodeExample } : {})}
        autoComplete="shipping postal-code"
      />
    ),
  };
  return <div className="grid items-start gap-4 sm:grid-cols-2">{format.fields.map((name) => fields[name])}</div>;
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toValues({ name, line1, line2, city, region, postalCode, country, phone }: Address): FormValues {
  return {
    ...{ name, line1, line2: line2 ?? "", city: city ?? "", region: region ?? "" },
    ...{ postalCode: postalCode ?? "", country, phone: phone ?? "" },
  };
}

function readDraft(key: string | undefined): FormValues {
  try {
    return JSON.parse((key && sessionStorage.getItem(key)) ?? "{}") as FormValues;
  } catch {
    return {};
  }
}
