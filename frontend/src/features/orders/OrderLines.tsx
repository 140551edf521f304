import { Link } from "react-router";

import type { Order } from "@/api/types";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";

export function OrderLines({ lines }: { lines: Order["lines"] }) {
  return (
    <ul className="divide-y divide-line">
      {lines.map(({ productId, name, quantity, unitPrice, lineTotal, imageUrl }) => (
        <li key={productId} className="grid grid-cols-[4rem_1fr_auto] items-start gap-x-4 py-4 first:pt-0 last:pb-0">
          <ProductImage src={imageUrl ?? ""} alt="" className="!rounded-control" />
          <div className="min-w-0">
            <Link to={path`/p/${productId}`} className="font-semibold hover:underline hover:underline-offset-4">
              {name}
            </Link>
            <p className="text-small text-muted">
              {quantity} × <Price price={unitPrice} />
            </p>
          </div>
          <Price price={lineTotal} />
        </li>
      ))}
    </ul>
  );
}
