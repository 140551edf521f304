import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import type { Facets, PriceCount, ValueCount } from "@/api/types";
import { Checkbox } from "@/components/Field";
import { formatMoney } from "@/components/money";
import { categoriesQuery, getCategoryName } from "@/features/catalog/queries";
import { type SearchCriteria, toggled } from "@/features/search/searchCriteria";

const INITIAL_COUNT = 8;

interface FacetListProps {
  facets: Facets;
  criteria: SearchCriteria;
  /** For the page of a single category. */
  hideCategory: boolean;
  onChange: (criteria: SearchCriteria) => void;
}

/** The filters of a list, with the number of matching products. */
export function FacetList({ facets, criteria, hideCategory, onChange }: FacetListProps) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  return (
    <div className="space-y-7">
      <FacetGroup title="Availability">
        <Checkbox
          label="In stock only"
          checked={criteria.inStock}
          onChange={() => onChange({ ...criteria, inStock: !criteria.inStock })}
        />
      </FacetGroup>
      {!hideCategory && (
        <ValueFacet
          title="Category"
          values={facets.category}
          selected={criteria.category}
          getLabel={(value) => getCategoryName(categories, value)}
          onToggle={(value) => onChange({ ...criteria, category: toggled(criteria.category, value) })}
        />
      )}
      <ValueFacet
        title="Brand"
        values={facets.brand}
        selected={criteria.brand}
        onToggle={(value) => onChange({ ...criteria, brand: toggled(criteria.brand, value) })}
      />
      {facets.price.length > 0 && (
        <FacetGroup title="Price">
          {facets.price.map((range) => {
            const isSelected = criteria.minPrice === range.min && criteria.maxPrice === (range.max ?? undefined);
            return (
              <Checkbox
                key={range.min}
                label={<CountedLabel name={formatPriceRange(range)} count={range.count} />}
                checked={isSelected}
                onChange={() =>
                  onChange({
                    ...criteria,
                    minPrice: isSelected ? undefined : range.min,
                    maxPrice: isSelected ? undefined : (range.max ?? undefined),
                  })
                }
              />
            );
          })}
        </FacetGroup>
      )}
    </div>
  );
}

function FacetGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}

interface ValueFacetProps {
  title: string;
  values: readonly ValueCount[];
  selected: readonly string[];
  getLabel?: (value: string) => string;
  onToggle: (value: string) => void;
}

function ValueFacet({ title, values, selected, getLabel = (value) => value, onToggle }: ValueFacetProps) {
  const [isExpanded, setExpanded] = useState(false);
  if (values.length === 0) return null;
  const shown = isExpanded ? values : values.filter(({ value }, index) => index < INITIAL_COUNT || selected.includes(value));
  return (
    <FacetGroup title={title}>
      {shown.map(({ value, count }) => (
        <Checkbox
          key={value}
          label={<CountedLabel name={getLabel(value)} count={count} />}
          checked={selected.includes(value)}
          onChange={() => onToggle(value)}
        />
      ))}
      {shown.length < values.length && (
        <button type="button" onClick={() => setExpanded(true)} className="link mt-1 min-h-9">
          Show all {values.length}
        </button>
      )}
    </FacetGroup>
  );
}

function CountedLabel({ name, count }: { name: string; count: number }) {
  return (
    <>
      {name} <span className="text-small text-muted tabular-nums">({count})</span>
    </>
  );
}

/** Formats a range of prices in cents, whose currency search does not return. */
export function formatPriceRange({ min, max }: Pick<PriceCount, "min" | "max">): string {
  const [low, high] = [min, max ?? 0].map((amount) => formatMoney({ amount, currency: "USD" }));
  if (max == null) return `${low} and more`;
  return min === 0 ? `Up to ${high}` : `${low} – ${high}`;
}
