import { useInfiniteQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Icon } from "@/components/Icon";
import { Notice } from "@/components/Notice";
import { ProductGrid, ProductGridSkeleton } from "@/features/catalog/ProductGrid";
import { ChosenFacets } from "@/features/search/ChosenFacets";
import { FacetList } from "@/features/search/FacetList";
import { isNarrowed, type Listing, type Sort, SORTS, widened } from "@/features/search/listing";
import { listingQuery, type ListedPage } from "@/features/search/queries";

const BESIDE_FILTERS = "lg:grid lg:grid-cols-[14rem_1fr] lg:gap-x-12";
const GRID = "grid grid-cols-2 gap-x-4 gap-y-8 md:grid-cols-3 md:gap-x-6";

interface ProductListingProps {
  listing: Listing;
  onChange: (listing: Listing) => void;
  /** The category that the page is of; it is no filter that can be given up. */
  category?: string;
}

/** A list of products with what narrows and orders it. The address of the page carries all of that. */
export function ProductListing({ listing, onChange, category }: ProductListingProps) {
  const asked = category === undefined ? listing : { ...listing, category: [category] };
  const list = useInfiniteQuery(listingQuery(asked));
  const products = useRef<HTMLDivElement>(null);
  const resumeAt = useRef<number>(undefined);
  const [filtering, setFiltering] = useState(false);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  // The button that showed more may be gone: the keyboard goes on where the new products begin.
  useLayoutEffect(() => {
    if (resumeAt.current === undefined || items.length <= resumeAt.current) return;
    products.current?.querySelectorAll<HTMLElement>("article a")[resumeAt.current]?.focus({ preventScroll: true });
    resumeAt.current = undefined;
  }, [items.length]);

  if (list.isPending) return <ListingSkeleton />;
  if (list.isError && !list.data) {
    return <ErrorState what="The products" error={list.error} retry={list.refetch} busy={list.isFetching} />;
  }
  const first = list.data.pages[0];
  if (first === undefined) return null;
  const clear = () => onChange(widened(listing));

  async function showMore(): Promise<void> {
    resumeAt.current = items.length;
    await list.fetchNextPage();
  }

  const facets = first.facets && (
    <FacetList facets={first.facets} listing={listing} withoutCategory={category !== undefined} onChange={onChange} />
  );

  return (
    <div className={facets ? BESIDE_FILTERS : ""}>
      {facets && (
        <section aria-label="Filters" className="max-lg:hidden">
          {facets}
        </section>
      )}
      <div aria-busy={list.isPlaceholderData} className={list.isPlaceholderData ? "opacity-60 transition-opacity" : ""}>
        {first.isPlain && (
          <div className="mb-6">
            <Notice>
              {listing.q
                ? "Search is having a short break. Here is all that there is instead."
                : "Sorting and filters are having a short break. Here is all that there is."}
            </Notice>
          </div>
        )}
        <div className="mb-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <p role="status" className="text-muted">
            {countOf(first, items.length)}
          </p>
          {!first.isPlain && (
            <div className="flex w-full items-center gap-3 sm:w-auto">
              <Button look="quiet" className="flex-1 lg:hidden" onClick={() => setFiltering(true)}>
                <Icon name="filter" />
                Filter
              </Button>
              <SortSelect sort={listing.sort} searching={listing.q !== ""} onChange={(sort) => onChange({ ...listing, sort })} />
            </div>
          )}
        </div>
        {!first.isPlain && <ChosenFacets listing={listing} onChange={onChange} onClear={clear} />}
        {items.length === 0 ? (
          <Nothing listing={listing} didYouMean={first.didYouMean} onClear={clear} />
        ) : (
          <div ref={products}>
            <ProductGrid products={items} atTop heading="h2" {...(facets ? { className: GRID } : {})} />
          </div>
        )}
        {list.isFetchNextPageError && (
          <div className="mt-8">
            <ErrorState what="More products" error={list.error} retry={showMore} busy={list.isFetchingNextPage} />
          </div>
        )}
        {list.hasNextPage && !list.isFetchNextPageError && (
          <div className="mt-12 flex justify-center">
            <Button look="quiet" busy={list.isFetchingNextPage} onClick={() => void showMore()}>
              Show more products
            </Button>
          </div>
        )}
      </div>
      <Dialog
        open={filtering}
        title="Filter"
        side
        onClose={() => setFiltering(false)}
        footer={
          <Button wide onClick={() => setFiltering(false)}>
            {first.total === 1 ? "Show 1 product" : `Show ${first.total ?? 0} products`}
          </Button>
        }
      >
        {facets}
      </Dialog>
    </div>
  );
}

function countOf({ total }: ListedPage, shown: number): string {
  if (total === null) return "";
  if (total === 0) return "No products";
  if (total === 1) return "1 product";
  return shown < total ? `${shown} of ${total} products` : `${total} products`;
}

interface SortSelectProps {
  sort: Sort;
  /** Something is looked for, so that it can fit better or worse. */
  searching: boolean;
  onChange: (sort: Sort) => void;
}

function SortSelect({ sort, searching, onChange }: SortSelectProps) {
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
            {value === "relevance" && !searching ? "Recommended" : name}
          </option>
        ))}
      </select>
      <Icon name="down" className="pointer-events-none absolute right-3 size-4" />
    </label>
  );
}

interface NothingProps {
  listing: Listing;
  didYouMean: string | null;
  onClear: () => void;
}

function Nothing({ listing, didYouMean, onClear }: NothingProps) {
  return (
    <EmptyState
      title="Nothing fits"
      action={
        isNarrowed(listing) && (
          <Button look="quiet" onClick={onClear}>
            Clear the filters
          </Button>
        )
      }
    >
      {didYouMean ? (
        <p>
          Did you mean{" "}
          <Link to={`/search?${new URLSearchParams({ q: didYouMean })}`} className="link font-semibold">
            {didYouMean}
          </Link>
          ?
        </p>
      ) : (
        <p>{listing.q ? "Try fewer or other words." : "There is nothing here at the moment."}</p>
      )}
    </EmptyState>
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
