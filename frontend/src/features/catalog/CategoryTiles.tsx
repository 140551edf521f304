import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Category, Product } from "@/api/types";
import { ErrorState } from "@/components/ErrorState";
import { path } from "@/components/path";
import { ProductImage } from "@/components/ProductImage";
import { Loading, Skeleton } from "@/components/Skeleton";
import { categoriesQuery } from "@/features/catalog/queries";

const GRID = "grid grid-cols-2 gap-4 md:grid-cols-4 md:gap-6";
const SKELETON_COUNT = 8;

/** The categories, each with the image of one of its products: the category's own, or that of one of `products`. */
export function CategoryTiles({ products }: { products: readonly Product[] | undefined }) {
  const { data: categories, error, isFetching, refetch } = useQuery(categoriesQuery);
  return (
    <section aria-labelledby="categories">
      <h2 id="categories" className="mb-6">
        Categories
      </h2>
      {!categories && error && (
        <ErrorState subject="The categories" error={error} onRetry={refetch} busy={isFetching} />
      )}
      {!categories && !error && (
        <Loading subject="the categories">
          <div className={GRID}>
            {Array.from({ length: SKELETON_COUNT }, (_, index) => (
              <Skeleton key={index} className="h-24 rounded-sheet" />
            ))}
          </div>
        </Loading>
      )}
      <ul className={GRID}>
        {categories?.map((category) => (
          <li key={category.category}>
            <CategoryTile
              category={category}
              product={products?.find((product) => product.category === category.category)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CategoryTileProps {
  category: Category;
  product: Product | undefined;
}

function CategoryTile({ category, product }: CategoryTileProps) {
  const { category: id, name, productCount, imageUrl } = category;
  return (
    <Link
      to={path`/c/${id}`}
      className="flex h-full min-h-24 items-center gap-3.5 rounded-sheet border border-line bg-sheet p-3 hover:border-edge"
    >
      <span className="w-16 shrink-0 max-sm:w-12">
        <ProductImage src={imageUrl ?? product?.imageUrl ?? ""} alt="" className="rounded-control" />
      </span>
      <span className="min-w-0">
        <span className="block leading-snug font-semibold">{name}</span>
        <span className="text-small text-muted">{productCount === 1 ? "1 product" : `${productCount} products`}</span>
      </span>
    </Link>
  );
}
