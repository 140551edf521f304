import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import type { Product } from "@/api/types";
import { path } from "@/components/path";
import { ProductGrid } from "@/features/catalog/ProductGrid";
import { newestQuery } from "@/features/catalog/queries";

const COUNT = 4;

/** More products of the category. Renders nothing without any, or if they cannot be loaded. */
export default function RelatedProducts({ product, categoryName }: { product: Product; categoryName: string }) {
  const { data = [] } = useQuery(newestQuery(COUNT + 1, product.category));
  const others = data.filter(({ productId }) => productId !== product.productId).slice(0, COUNT);
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="related" className="mt-16 border-t border-line pt-10">
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id="related">More from {categoryName}</h2>
        <Link to={path`/c/${product.category}`} className="link">
          See all
        </Link>
      </div>
      <ProductGrid products={others} />
    </section>
  );
}
