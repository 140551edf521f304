import { memo } from "react";
import { Link } from "react-router";

import type { FoundProduct, Product } from "@/api/types";
import { Marked } from "@/components/Marked";
import { Picture } from "@/components/Picture";
import { Price } from "@/components/Price";

/** A product as lists have it: found ones tell how many there are, and where they fit. */
export type ListedProduct = Product & Partial<FoundProduct>;

interface ProductCardProps {
  product: ListedProduct;
  /** Among the first that are seen. */
  first?: boolean;
  /** The level of its heading: one below that of the list. */
  heading?: "h2" | "h3";
}

/**
 * A product in a list. The whole of it leads to its page; one link is enough for who tabs through. A page of them is
 * drawn anew for what concerns none of them, such as the name of their category.
 */
export const ProductCard = memo(function ProductCard({ product, first = false, heading: Heading = "h3" }: ProductCardProps) {
  const soldOut = product.available === 0;
  const marked = product.highlights?.name;
  return (
    <article className="group relative">
      <div className="relative overflow-hidden rounded-sheet">
        <Picture
          src={product.imageUrl}
          alt=""
          first={first}
          className={`transition-transform duration-300 group-hover:scale-[1.03] ${soldOut ? "opacity-60" : ""}`}
        />
        {soldOut && <Badge>Sold out</Badge>}
        {!soldOut && product.compareAtPrice && <Badge>Reduced</Badge>}
      </div>
      <p className="mt-3 text-small text-muted">{product.brand}</p>
      <Heading className="font-sans text-body leading-snug font-semibold">
        <Link
          to={`/p/${product.productId}`}
          className="after:absolute after:inset-0 after:rounded-sheet group-hover:underline group-hover:underline-offset-4 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-action"
        >
          {marked ? <Marked html={marked} /> : product.name}
        </Link>
      </Heading>
      <Price price={product.price} before={product.compareAtPrice} className="mt-1 block" />
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
