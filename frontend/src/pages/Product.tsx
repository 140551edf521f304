import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useParams } from "react-router";

import { Problem } from "@/api/problem";
import type { Product } from "@/api/types";
import { Breadcrumbs } from "@/components/Breadcrumbs";
import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Page } from "@/components/Page";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { Loading, Skeleton } from "@/components/Skeleton";
import { whenIdle } from "@/components/whenIdle";
import { Attributes } from "@/features/catalog/Attributes";
import { BuyBox } from "@/features/catalog/BuyBox";
import { Gallery } from "@/features/catalog/Gallery";
import { categoriesQuery, getCategoryName, productQuery } from "@/features/catalog/queries";

// After the picture, which they would keep from being painted.
const DeliveryPromise = lazy(() => whenIdle().then(() => import("@/features/delivery/DeliveryPromise")));
const RelatedProducts = lazy(() => whenIdle().then(() => import("@/features/catalog/RelatedProducts")));

const MAX_DESCRIPTION_LENGTH = 155;

export function Component() {
  const { productId = "" } = useParams();
  const { data: product, error, isPending, isFetching, refetch } = useQuery(productQuery(productId));
  if (isPending) return <ProductSkeleton />;
  if (product) return <ProductPage key={productId} product={product} />;
  if (error instanceof Problem && error.status === 404) return <ProductNotFound />;
  return (
    <Page title="Product">
      <ErrorState subject="The product" error={error} onRetry={refetch} busy={isFetching} />
    </Page>
  );
}

function ProductPage({ product }: { product: Product }) {
  const { data: categories = [] } = useQuery(categoriesQuery);
  const category = getCategoryName(categories, product.category);
  const images = product.images.length > 0 ? product.images : [product.imageUrl];
  return (
    <Page title={product.name} description={product.description.slice(0, MAX_DESCRIPTION_LENGTH)}>
      <Breadcrumbs
        trail={[{ name: "Home", to: "/" }, { name: category, to: path`/c/${product.category}` }, { name: product.name }]}
      />
      <div className="mt-5 grid gap-x-14 gap-y-8 md:grid-cols-2 lg:grid-cols-[7fr_5fr]">
        <Gallery name={product.name} images={images} />
        <div>
          {product.brand && <p className="text-muted">{product.brand}</p>}
          <h1 className="mt-1">{product.name}</h1>
          <Price price={product.price} compareAt={product.compareAtPrice} className="mt-4 block text-h3 font-semibold" />
          <div className="mt-4">
            <BuyBox product={product} />
          </div>
          {/* As high as what comes, so that nothing below it moves. */}
          <div className="mt-5 min-h-48 sm:min-h-36">
            <Suspense fallback={<Skeleton className="h-48 sm:h-36" />}>
              <DeliveryPromise productId={product.productId} />
            </Suspense>
          </div>
          <p className="mt-8 max-w-prose whitespace-pre-line">{product.description}</p>
          <div className="mt-8">
            <Attributes attributes={product.attributes} />
          </div>
        </div>
      </div>
      <Suspense>
        <RelatedProducts product={product} categoryName={category} />
      </Suspense>
    </Page>
  );
}

function ProductNotFound() {
  return (
    <Page title="Product not found">
      <EmptyState title="This product is not in the shop" action={<ButtonLink to="/search">See all products</ButtonLink>}>
        <p>It may have been taken out, or the address has a typing error.</p>
      </EmptyState>
    </Page>
  );
}

function ProductSkeleton() {
  return (
    <Page title="Product">
      <Loading subject="the product">
        <Skeleton className="h-6 w-60 max-w-full" />
        <div className="mt-5 grid gap-x-14 gap-y-8 md:grid-cols-2 lg:grid-cols-[7fr_5fr]">
          <Skeleton className="aspect-square rounded-sheet" />
          <div>
            <Skeleton className="h-5 w-28" />
            <Skeleton className="mt-3 h-10 w-4/5" />
            <Skeleton className="mt-5 h-7 w-24" />
            <Skeleton className="mt-16 h-11 w-full" />
            <Skeleton className="mt-8 h-24 w-full" />
          </div>
        </div>
      </Loading>
    </Page>
  );
}
