import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Product } from "@/api/types";
import { Icon } from "@/components/Icon";
import { QuantityStepper } from "@/components/QuantityStepper";
import { Skeleton } from "@/components/Skeleton";
import { AddToCart } from "@/features/cart/AddToCart";
import { stockQuery } from "@/features/catalog/queries";
import { LOW_STOCK } from "@/features/catalog/stock";

/** Stock, quantity and the button to add to the cart, which stay at the bottom of a phone's window. */
export function BuyBox({ product }: { product: Product }) {
  const { data: available, isPending } = useQuery(stockQuery(product.productId));
  const [quantity, setQuantity] = useState(1);
  const soldOut = available === 0;
  return (
    <div>
      <div role="status" className="min-h-6">
        {isPending ? <Skeleton className="h-6 w-28" /> : available !== undefined && <StockLabel available={available} />}
      </div>
      <div className="bottom-bar flex gap-3 md:mt-5 md:flex-wrap">
        {!soldOut && (
          <QuantityStepper
            name={product.name}
            value={available === undefined ? quantity : Math.min(quantity, available)}
            max={available}
            onChange={setQuantity}
          />
        )}
        <div className="flex-1 md:min-w-48">
          <AddToCart
            product={product}
            quantity={available === undefined ? quantity : Math.min(quantity, available)}
            soldOut={soldOut}
            fullWidth
          />
        </div>
      </div>
    </div>
  );
}

function StockLabel({ available }: { available: number }) {
  if (available === 0) return <p className="font-semibold text-muted">Sold out at the moment</p>;
  if (available <= LOW_STOCK) return <p className="font-semibold text-notable">Only {available} left</p>;
  return (
    <p className="flex items-center gap-1.5 font-semibold text-action">
      <Icon name="check" className="size-5" />
      In stock
    </p>
  );
}
