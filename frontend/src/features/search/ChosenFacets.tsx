import { useQuery } from "@tanstack/react-query";

import { Icon } from "@/components/Icon";
import { categoriesQuery, nameOfCategory } from "@/features/catalog/queries";
import { nameOfRange } from "@/features/search/FacetList";
import { isNarrowed, type Listing, toggled } from "@/features/search/listing";

interface ChosenFacetsProps {
  listing: Listing;
  onChange: (listing: Listing) => void;
  onClear: () => void;
}

/** What narrows the list now; each can be given up. */
export function ChosenFacets({ listing, onChange, onClear }: ChosenFacetsProps) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  if (!isNarrowed(listing)) return null;
  const { category, brand, minPrice, maxPrice, inStock } = listing;
  const chosen = [
    ...(inStock ? [{ name: "In stock only", without: { ...listing, inStock: false } }] : []),
    ...category.map((value) => ({
      name: nameOfCategory(categories, value),
      without: { ...listing, category: toggled(category, value) },
    })),
    ...brand.map((value) => ({ name: value, without: { ...listing, brand: toggled(brand, value) } })),
    ...(minPrice === undefined && maxPrice === undefined
      ? []
      : [
          {
            name: nameOfRange({ min: minPrice ?? 0, max: maxPrice ?? null }),
            without: { ...listing, minPrice: undefined, maxPrice: undefined },
          },
        ]),
  ];
  return (
    <ul aria-label="Chosen filters" className="mb-6 flex flex-wrap items-center gap-2">
      {chosen.map(({ name, without }) => (
        <li key={name}>
          <button
            type="button"
            onClick={() => onChange(without)}
            className="flex min-h-9 items-center gap-1.5 rounded-full border border-edge bg-sheet py-1 pr-2.5 pl-3.5 text-small hover:border-ink"
          >
            <span className="sr-only">Without </span>
            {name}
            <Icon name="close" className="size-3.5 text-muted" />
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={onClear} className="link min-h-9 px-2 text-small">
          Clear all
        </button>
      </li>
    </ul>
  );
}
