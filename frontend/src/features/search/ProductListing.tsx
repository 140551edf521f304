import { useInfiniteQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { ErrorState } from "@/components/ErrorState";
import { Icon } from "@/components/Icon";
import { ProductGrid, ProductGridSkeleton } from "@/features/catalog/ProductGrid";
import { ActiveFilters } from "@/features/search/ActiveFilters";
import { FacetList } from "@/features/search/FacetList";
import { NothingFound } from "@/features/search/NothingFound";
import { type ListingPage, listingQuery } from "@/features/search/queries";
import { hasFilters, type SearchCriteria, searchLocation, type Sort, SORTS, withoutFilters } from "@/features/search/searchCriteria";

const BESIDE_FILTERS = "lg:grid lg:grid-cols-[14rem_1fr] lg:gap-x-12";
const GRID = "grid grid-cols-2 gap-x-4 gap-y-8 md:grid-cols-3 md:gap-x-6";

interface ProductListingProps {
  criteria: SearchCriteria;
  onChange: (criteria: SearchCriteria) => void;
  /** The category of the page, which is not a removable filter. */
  category?: string;
}

/** A list of products with filters and sorting. */
export function ProductListing({ criteria, onChange, category }: ProductListingProps) {
  const queryCriteria = category === undefined ? criteria : { ...criteria, category: [category] };
  const list = useInfiniteQuery(listingQuery(queryCriteria));
  const products = useRef<HTMLDivElement>(null);
  const focusIndex = useRef<number>(undefined);
  const [isFilterOpen, setFilterOpen] = useState(false);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  // The focused button may be gone, so the focus moves to the first of the new products.
  useLayoutEffect(() => {
    if (focusIndex.current === undefined || items.length <= focusIndex.current) return;
    products.current?.querySelectorAll<HTMLElement>("article a")[focusIndex.current]?.focus({ preventScroll: true });
    focusIndex.current = undefined;
  }, [items.length]);

  if (list.isPending) return <ListingSkeleton />;
  if (list.isError && !list.data) {
    return <ErrorState subject="The products" error={list.error} onRetry={list.refetch} busy={list.isFetching} />;
  }
  const firstPage = list.data.pages[0];
  if (firstPage === undefined) return null;
  const clearFilters = () => onChange(withoutFilters(criteria));

  async function showMore(): Promise<void> {
    focusIndex.current = items.length;
    await list.fetchNextPage();
  }

  const facets = firstPage.facets && (
    <FacetList facets={firstPage.facets} criteria={criteria} hideCategory={category !== undefined} onChange={onChange} />
  );

  return (
    <div className={facets ? BESIDE_FILTERS : ""}>
      {facets && (
        <section aria-label="Filters" className="max-lg:hidden">
          {facets}
        </section>
      )}
      <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? "opacity-60 transition-opacity" : ""}>
        {firstPage.isFallback && (
          <div className="mb-6">
            <Alert>
              {criteria.q
                ? "Search is having a short break. Here is all that there is instead."
                : "Sorting and filters are having a short break. Here is all that there is."}
            </Alert>
          </div>
        )}
        <div className="mb-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p role="status" className="text-muted">
            {getResultCount(firstPage, items.length)}
          </p>
          {!firstPage.isFallback && (
            <div className="flex w-full items-center gap-3 sm:w-auto">
              <Button variant="secondary" className="flex-1 lg:hidden" onClick={() => setFilterOpen(true)}>
                <Icon name="filter" />
                Filter
              </Button>
              <SortSelect sort={criteria.sort} hasQuery={criteria.q !== ""} onChange={(sort) => onChange({ ...criteria, sort })} />
            </div>
          )}
        </div>
        {!firstPage.isFallback && (
          <ActiveFilters
            criteria={criteria}
            interpretations={firstPage.interpretations}
            onChange={onChange}
            onClear={clearFilters}
          />
        )}
        {items.length > 0 && firstPage.didYouMean && !list.isPlaceholderData && (
          <Correction corrected={firstPage.didYouMean} criteria={queryCriteria} />
        )}
        {items.length === 0 ? (
          <NothingFound criteria={queryCriteria} isNarrowed={hasFilters(criteria)} interpretations={firstPage.interpretations} onClear={clearFilters} />
        ) : (
          <div ref={products}>
            <ProductGrid products={items} priority heading="h2" {...(facets ? { className: GRID } : {})} />
          </div>
        )}
        {list.isFetchNextPageError && (
          <div className="mt-8">
            <ErrorState subject="More products" error={list.error} onRetry={showMore} busy={list.isFetchingNextPage} />
          </div>
        )}
        {list.hasNextPage && !list.isFetchNextPageError && (
          <div className="mt-12 flex justify-center">
            <Button variant="secondary" busy={list.isFetchingNextPage} onClick={() => void showMore()}>
              Show more products
            </Button>
          </div>
        )}
      </div>
      <Dialog
        open={isFilterOpen}
        title="Filter"
        drawer
        onClose={() => setFilterOpen(false)}
        footer={
          <Button fullWidth onClick={() => setFilterOpen(false)}>
            {firstPage.total === 1 ? "Show 1 product" : `Show ${firstPage.total ?? 0} products`}
          </Button>
        }
      >
        {facets}
      </Dialog>
    </div>
  );
}

function getResultCount({ total }: ListingPage, shown: number): string {
  if (total === null) return "";
  if (total === 0) return "No products";
  if (total === 1) return "1 product";
  return shown < total ? `${shown} of ${total} products` : `${total} products`;
}

interface SortSelectProps {
  sort: Sort;
  /** Relevance is the best match for a query; without one, products are ordered by recommendation. */
  hasQuery: boolean;
  onChange: (sort: Sort) => void;
}

function SortSelect({ sort, hasQuery, onChange }: SortSelectProps) {
  return (
    <label className="relative flex min-h-11 flex-1 items-center gap-2 rounded-control border border-edge bg-sheet pl-3 whitespace-nowrap focus-within:border-ink">
      <span className="text-muted max-sm:sr-only">Sort by</span>
      <select
        value={sort}
        onChange={(event) => onChange(event.target.value as Sort)}
        className="h-10 w-full min-w-0 appearance-none rounded-control bg-sheet pr-8 font-semibold text-ellipsis text-ink"
      >
        {Object.entries(SORTS).map(([value, name]) => (
          <option key={value} value={value}>
            {value === "relevance" && !hasQuery ? "Recommended" : name}
          </option>
        ))}
      </select>
      <Icon name="down" className="pointer-events-none absolute right-3 size-4" />
    </label>
  );
}

interface CorrectionProps {
  /** What was searched for instead of the query. */
  corrected: string;
  criteria: SearchCriteria;
}

/** Says that a misspelt query was corrected, with a link to search for it as it was typed. */
function Correction({ corrected, criteria }: CorrectionProps) {
  return (
    <p role="status" className="mb-5">
      Showing results for <strong>{corrected}</strong>. Search instead for{" "}
      <Link to={searchLocation({ ...criteria, asTyped: true })} className="link">
        {criteria.q}
      </Link>
      .
    </p>
  );
}

function ListingSkeleton() {
  return (
    <div className={BESIDE_FILTERS}>
      <div className="max-lg:hidden" />
      <div>
        <div className="mb-5 h-11" />
        <ProductGridSkeleton count={9} className={GRID} />
      </div>
    </div>
  );
}
