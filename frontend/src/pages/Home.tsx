import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Product } from "@/api/types";
import { ButtonLink } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { Page, SHOP_NAME } from "@/components/Page";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { Skeleton } from "@/components/Skeleton";
import { CategoryTiles } from "@/features/catalog/CategoryTiles";
import { ProductGrid, ProductGridSkeleton } from "@/features/catalog/ProductGrid";
import { homeQuery } from "@/features/catalog/queries";

const NEW_COUNT = 8;
const REDUCED_COUNT = 4;

export function Component() {
  const { data: products, error, isFetching, refetch } = useQuery(homeQuery);
  const reduced = products?.filter(({ compareAtPrice }) => compareAtPrice).slice(0, REDUCED_COUNT) ?? [];
  const featured = products?.find(({ images }) => images.length > 1) ?? products?.[0];
  const others = products?.filter((product) => product !== featured) ?? [];
  return (
    <Page title={SHOP_NAME} className="pb-16">
      <section className="border-b border-line">
        <div className="wrap grid items-center gap-x-12 gap-y-8 py-8 md:grid-cols-[6fr_5fr] md:py-12">
          <div>
            <h1 className="text-display">Well-made things, kept simple</h1>
            <p className="mt-5 max-w-md text-lead text-muted">
              For the kitchen and the desk, the garden and the bath: a small selection, made to last and easy to mend.
            </p>
            <div className="mt-7">
              <ButtonLink to="/search">See all products</ButtonLink>
            </div>
          </div>
          <div className="mx-auto w-full max-w-md md:mr-0">
            {featured ? <FeaturedProduct product={featured} /> : <Skeleton className="aspect-square rounded-sheet" />}
          </div>
        </div>
      </section>
      <div className="wrap space-y-14 pt-10 md:pt-14">
        <CategoryTiles products={error ? [] : products} />
        <section aria-labelledby="new">
          <h2 id="new" className="mb-6">
            New in the shop
          </h2>
          {products && <ProductGrid products={others.slice(0, NEW_COUNT)} />}
          {!products && !error && <ProductGridSkeleton count={NEW_COUNT} />}
          {!products && error && <ErrorState subject="The products" error={error} onRetry={refetch} busy={isFetching} />}
        </section>
        {reduced.length > 0 && (
          <section aria-labelledby="reduced">
            <h2 id="reduced" className="mb-6">
              Reduced
            </h2>
            <ProductGrid products={reduced} />
          </section>
        )}
      </div>
    </Page>
  );
}

function FeaturedProduct({ product }: { product: Product }) {
  return (
    <Link to={path`/p/${product.productId}`} className="group relative block rounded-sheet">
      <ProductImage src={product.imageUrl} alt="" priority />
      <span className="absolute inset-x-3 bottom-3 flex flex-wrap items-baseline justify-between gap-x-4 rounded-control bg-sheet px-3.5 py-2.5">
        <span className="font-semibold group-hover:underline group-hover:underline-offset-4">{product.name}</span>
        <Price price={product.price} compareAt={product.compareAtPrice} />
      </span>
    </Link>
  );
}
