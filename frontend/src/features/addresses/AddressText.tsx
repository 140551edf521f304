import type { ShippingAddress } from "@/api/types";
import { getCountryName } from "@/features/addresses/countries";

/** An address as printed on a parcel. */
export function AddressText({ address }: { address: ShippingAddress }) {
  const { name, line1, line2, city, region, postalCode, country } = address;
  return (
    <address className="not-italic">
      <span className="block font-semibold">{name}</span>
      <span className="block">{line1}</span>
      {line2 && <span className="block">{line2}</span>}
      <span className="block">
        {[postalCode, city, region].filter(Boolean).join(" ")}
      </span>
      <span className="block">{getCountryName(country)}</span>
    </address>
  );
}
