import { Loading, Skeleton } from "@/components/Skeleton";
import { type ListedProduct, ProductCard } from "@/features/catalog/ProductCard";

const GRID = "grid grid-cols-2 gap-x-4 gap-y-8 md:grid-cols-3 md:gap-x-6 lg:grid-cols-4";
/** Cards above the fold on a phone. */
const PRIORITY_COUNT = 2;

interface ProductGridProps {
  products: readonly ListedProduct[];
  /** The grid is at the top of the page: its first images are loaded eagerly. */
  priority?: boolean;
  heading?: "h2" | "h3";
  className?: string;
}

export function ProductGrid({ products, priority = false, heading = "h3", className = GRID }: ProductGridProps) {
  return (
    <ul className={className}>
      {products.map((product, index) => (
        <li key={product.productId}>
          <ProductCard product={product} priority={priority && index < PRIORITY_COUNT} heading={heading} />
        </li>
      ))}
    </ul>
  );
}

export function ProductGridSkeleton({ count, className = GRID }: { count: number; className?: string }) {
  return (
    <Loading subject="products">
      <div className={className}>
        {Array.from({ length: count }, (_, index) => (
          <div key={index}>
            <Skeleton className="aspect-square rounded-sheet" />
            <Skeleton className="mt-3 h-4 w-1/3" />
            <Skeleton className="mt-2 h-5 w-3/4" />
            <Skeleton className="mt-2 h-5 w-1/4" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
