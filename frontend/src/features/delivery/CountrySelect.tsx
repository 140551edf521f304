import { useId } from "react";

import { COUNTRIES } from "@/features/addresses/countries";
import { setDeliveryCountry, useDeliveryCountry } from "@/features/delivery/country";

interface CountrySelectProps {
  /** The countries that the shop delivers to, offered first. */
  served: readonly string[];
}

/** Chooses the country of delivery, also before there is an address. */
export function CountrySelect({ served }: CountrySelectProps) {
  const id = useId();
  const country = useDeliveryCountry();
  const isServed = new Set(served);
  const option = ({ code, name }: { code: string; name: string }) => (
    <option key={code} value={code}>
      {name}
    </option>
  );
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <label htmlFor={id}>Delivery to</label>
      <select
        id={id}
        value={country}
        onChange={(event) => setDeliveryCountry(event.currentTarget.value)}
        className="min-h-9 max-w-full min-w-0 rounded-control border border-edge bg-sheet px-2 py-1 text-ink"
      >
        {COUNTRIES.filter(({ code }) => isServed.has(code)).map(option)}
        <optgroup label="We do not deliver to">{COUNTRIES.filter(({ code }) => !isServed.has(code)).map(option)}</optgroup>
      </select>
    </p>
  );
}
