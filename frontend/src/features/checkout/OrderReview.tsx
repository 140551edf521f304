import { Link } from "react-router";

import type { Cart } from "@/api/types";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { Totals } from "@/components/Totals";
import { getNoticeMessage, isBlocking } from "@/features/cart/notices";

/** The products and totals of the order, as the server computed them. */
export function OrderReview({ cart }: { cart: Cart }) {
  return (
    <div className="space-y-5">
      <ul className="space-y-4">
        {cart.lines.map(({ productId, name, quantity, lineTotal, imageUrl, notice }) => (
          <li key={productId} className="grid grid-cols-[3.5rem_1fr_auto] items-start gap-x-3">
            <ProductImage src={imageUrl} alt="" priority className="!rounded-control" />
            <div className="min-w-0">
              <p className="leading-snug font-semibold">{name}</p>
              <p className="text-small text-muted">{quantity === 1 ? "1 piece" : `${quantity} pieces`}</p>
              {notice && notice.code !== "LOW_STOCK" && (
                <p className={`text-small font-semibold ${isBlocking(notice) ? "text-danger" : "text-notable"}`}>{getNoticeMessage(notice)}</p>
              )}
            </div>
            {notice?.code !== "UNAVAILABLE" && <Price price={lineTotal} />}
          </li>
        ))}
      </ul>
      <p className="text-small">
        <Link to="/cart" className="link">
          Change the cart
        </Link>
      </p>
      <Totals subtotal={cart.subtotal} shipping={cart.shipping} total={cart.total} />
    </div>
  );
}
