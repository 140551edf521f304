import { useQuery } from "@tanstack/react-query";

import type { Interpretation } from "@/api/types";
import { Icon } from "@/components/Icon";
import { categoriesQuery, getCategoryName } from "@/features/catalog/queries";
import { formatPriceRange } from "@/features/search/FacetList";
import { interpretedFilters } from "@/features/search/interpretations";
import { hasFilters, type SearchCriteria, toggled } from "@/features/search/searchCriteria";

interface ActiveFiltersProps {
  criteria: SearchCriteria;
  /** What words of the query were taken for. */
  interpretations: readonly Interpretation[];
  onChange: (criteria: SearchCriteria) => void;
  onClear: () => void;
}

/** The active filters, each with a button to remove it. */
export function ActiveFilters({ criteria, interpretations, onChange, onClear }: ActiveFiltersProps) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  if (!hasFilters(criteria) && interpretations.length === 0) return null;
  const { category, brand, minPrice, maxPrice, inStock } = criteria;
  const filters = [
    ...interpretedFilters(interpretations, criteria, categories),
    ...(inStock ? [{ name: "In stock only", without: { ...criteria, inStock: false } }] : []),
    ...category.map((value) => ({
      name: getCategoryName(categories, value),
      without: { ...criteria, category: toggled(category, value) },
    })),
    ...brand.map((value) => ({ name: value, without: { ...criteria, brand: toggled(brand, value) } })),
    ...(minPrice === undefined && maxPrice === undefined
      ? []
      : [
          {
            name: formatPriceRange({ min: minPrice ?? 0, max: maxPrice ?? null }),
            without: { ...criteria, minPrice: undefined, maxPrice: undefined },
          },
        ]),
  ];
  return (
    <ul aria-label="Chosen filters" className="mb-6 flex flex-wrap items-center gap-2">
      {filters.map(({ name, without }, index) => (
        <li key={`${index} ${name}`}>
          <button
            type="button"
            onClick={() => onChange(without)}
            className="flex min-h-9 items-center gap-1.5 rounded-full border border-edge bg-sheet py-1 pr-2.5 pl-3.5 text-left text-small wrap-anywhere hover:border-ink"
          >
            <span className="sr-only">Without </span>
            {name}
            <Icon name="close" className="size-3.5 text-muted" />
          </button>
        </li>
      ))}
      {hasFilters(criteria) && (
        <li>
          <button type="button" onClick={onClear} className="link min-h-9 px-2 text-small">
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}
