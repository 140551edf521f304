import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Interpretation } from "@/api/types";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { categoriesQuery } from "@/features/catalog/queries";
import { ProductGrid } from "@/features/catalog/ProductGrid";
import { setChatOpen } from "@/features/chat/openState";
import { listingQuery } from "@/features/search/queries";
import { EVERYTHING, hasFilters, type SearchCriteria, searchLocation } from "@/features/search/searchCriteria";

const NEAR_COUNT = 4;

interface NothingFoundProps {
  /** What found nothing. */
  criteria: SearchCriteria;
  /** The shopper has chosen filters, which they can clear. */
  isNarrowed: boolean;
  interpretations: readonly Interpretation[];
  onClear: () => void;
}

/** Shown if nothing is found: the products that are near, the categories, and the assistant. */
export function NothingFound({ criteria, isNarrowed, interpretations, onClear }: NothingFoundProps) {
  const wider = getWiderCriteria(criteria, interpretations);
  const near = useInfiniteQuery(listingQuery(wider));
  const isNothingNear = near.data?.pages[0]?.items.length === 0;
  const all = useInfiniteQuery({ ...listingQuery(EVERYTHING), enabled: isNothingNear });
  const { data: categories = [] } = useQuery(categoriesQuery);
  const products = (isNothingNear ? all : near).data?.pages[0]?.items.slice(0, NEAR_COUNT) ?? [];
  const didYouMean = criteria.asTyped ? near.data?.pages[0]?.didYouMean : null;
  return (
    <div className="space-y-12">
      <EmptyState
        title="Nothing fits"
        action={
          <div className="flex flex-wrap justify-center gap-3">
            {isNarrowed && (
              <Button variant="secondary" onClick={onClear}>
                Clear the filters
              </Button>
            )}
            <Button variant="secondary" onClick={() => setChatOpen(true)}>
              Ask the assistant for it
            </Button>
          </div>
        }
      >
        {didYouMean ? (
          <p>
            Did you mean{" "}
            <Link to={searchLocation(wider)} className="link font-semibold">
              {didYouMean}
            </Link>
            ?
          </p>
        ) : (
          <p>{criteria.q ? "Try fewer or other words." : "There is nothing here at the moment."}</p>
        )}
      </EmptyState>
      {products.length > 0 && (
        <section aria-labelledby="near">
          <h2 id="near" className="mb-6">
            Perhaps one of these
          </h2>
          <ProductGrid products={products} />
        </section>
      )}
      {categories.length > 0 && (
        <section aria-labelledby="all-categories">
          <h2 id="all-categories" className="mb-4">
            Look around
          </h2>
          <ul className="flex flex-wrap gap-2">
            {categories.map(({ category, name }) => (
              <li key={category} className="max-w-full">
                <Link
                  to={path`/c/${category}`}
                  className="flex min-h-11 items-center rounded-full border border-edge bg-sheet px-4 py-1.5 hover:border-ink"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Returns wider criteria, whose products are near: other spellings, without filters, or without what words were taken for. */
function getWiderCriteria(criteria: SearchCriteria, interpretations: readonly Interpretation[]): SearchCriteria {
  const { q, asTyped } = criteria;
  if (asTyped) return { ...criteria, asTyped: false };
  if (hasFilters(criteria)) return { ...EVERYTHING, q };
  return { ...EVERYTHING, q: interpretations[0]?.queryWithout ?? "" };
}
