import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import type { Facets, PriceCount, ValueCount } from "@/api/types";
import { CheckField } from "@/components/Field";
import { formatted } from "@/components/money";
import { categoriesQuery, nameOfCategory } from "@/features/catalog/queries";
import { type Listing, toggled } from "@/features/search/listing";

const SHOWN_AT_FIRST = 8;

interface FacetListProps {
  facets: Facets;
  listing: Listing;
  /** The page is of one category already. */
  withoutCategory: boolean;
  onChange: (listing: Listing) => void;
}

/** What narrows a list, each with the number of products that would be left. */
export function FacetList({ facets, listing, withoutCategory, onChange }: FacetListProps) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  return (
    <div className="space-y-7">
      <Group title="Availability">
        <CheckField
          label="In stock only"
          checked={listing.inStock}
          onChange={() => onChange({ ...listing, inStock: !listing.inStock })}
        />
      </Group>
      {!withoutCategory && (
        <ValueGroup
          title="Category"
          values={facets.category}
          chosen={listing.category}
          nameOf={(value) => nameOfCategory(categories, value)}
          onToggle={(value) => onChange({ ...listing, category: toggled(listing.category, value) })}
        />
      )}
      <ValueGroup
        title="Brand"
        values={facets.brand}
        chosen={listing.brand}
        onToggle={(value) => onChange({ ...listing, brand: toggled(listing.brand, value) })}
      />
      {facets.price.length > 0 && (
        <Group title="Price">
          {facets.price.map((range) => {
            const chosen = listing.minPrice === range.min && listing.maxPrice === (range.max ?? undefined);
            return (
              <CheckField
                key={range.min}
                label={<Counted name={nameOfRange(range)} count={range.count} />}
                checked={chosen}
                onChange={() =>
                  onChange({
                    ...listing,
                    minPrice: chosen ? undefined : range.min,
                    maxPrice: chosen ? undefined : (range.max ?? undefined),
                  })
                }
              />
            );
          })}
        </Group>
      )}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}

interface ValueGroupProps {
  title: string;
  values: readonly ValueCount[];
  chosen: readonly string[];
  nameOf?: (value: string) => string;
  onToggle: (value: string) => void;
}

function ValueGroup({ title, values, chosen, nameOf = (value) => value, onToggle }: ValueGroupProps) {
  const [all, setAll] = useState(false);
  if (values.length === 0) return null;
  const shown = all ? values : values.filter(({ value }, index) => index < SHOWN_AT_FIRST || chosen.includes(value));
  return (
    <Group title={title}>
      {shown.map(({ value, count }) => (
        <CheckField
          key={value}
          label={<Counted name={nameOf(value)} count={count} />}
          checked={chosen.includes(value)}
          onChange={() => onToggle(value)}
        />
      ))}
      {shown.length < values.length && (
        <button type="button" onClick={() => setAll(true)} className="link mt-1 min-h-9">
          Show all {values.length}
        </button>
      )}
    </Group>
  );
}

function Counted({ name, count }: { name: string; count: number }) {
  return (
    <>
      {name} <span className="text-small text-muted tabular-nums">({count})</span>
    </>
  );
}

/** The search counts in the minor units of the shop's one currency. */
export function nameOfRange({ min, max }: Pick<PriceCount, "min" | "max">): string {
  const [low, high] = [min, max ?? 0].map((amount) => formatted({ amount, currency: "USD" }));
  if (max == null) return `${low} and more`;
  return min === 0 ? `Up to ${high}` : `${low} – ${high}`;
}
