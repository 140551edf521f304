import { memo } from "react";
import { Link } from "react-router";

import type { FoundProduct, Product } from "@/api/types";
import { HighlightedText } from "@/components/HighlightedText";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";

/** A product in a list. Search results also have stock and highlights. */
export type ListedProduct = Product & Partial<FoundProduct>;

interface ProductCardProps {
  product: ListedProduct;
  /** Above the fold: its image is loaded eagerly. */
  priority?: boolean;
  /** One level below the heading of the list. */
  heading?: "h2" | "h3";
}

/**
 * A product in a list. The whole card is clickable, with a single link for keyboards. Memoised, because lists render
 * again for changes that affect no card, such as the name of the category.
 */
export const ProductCard = memo(function ProductCard({ product, priority = false, heading: Heading = "h3" }: ProductCardProps) {
  const soldOut = product.available === 0;
  const highlightedName = product.highlights?.name;
  return (
    <article className="group relative">
      <div className="relative overflow-hidden rounded-sheet">
        <ProductImage
          src={product.imageUrl}
          alt=""
          priority={priority}
          className={`transition-transform duration-300 group-hover:scale-[1.03] ${soldOut ? "opacity-60" : ""}`}
        />
        {soldOut && <Badge>Sold out</Badge>}
        {!soldOut && product.compareAtPrice && <Badge>Reduced</Badge>}
      </div>
      <p className="mt-3 text-small text-muted">{product.brand}</p>
      <Heading className="font-sans text-body leading-snug font-semibold">
        <Link
          to={path`/p/${product.productId}`}
          className="after:absolute after:inset-0 after:rounded-sheet group-hover:underline group-hover:underline-offset-4 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-action"
        >
          {highlightedName ? <HighlightedText html={highlightedName} /> : product.name}
        </Link>
      </Heading>
      <Price price={product.price} compareAt={product.compareAtPrice} className="mt-1 block" />
    </article>
  );
});

function Badge({ children }: { children: string }) {
  return (
    <span className="absolute top-2.5 left-2.5 rounded-small bg-sheet px-2 py-0.5 text-small font-semibold text-ink">
      {children}
    </span>
  );
}
