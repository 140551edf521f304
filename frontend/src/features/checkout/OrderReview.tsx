import { useId, useState } from "react";
import { Link } from "react-router";

import type { Cart, CartLine } from "@/api/types";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { Totals } from "@/components/Totals";
import { getNoticeMessage, isBlocking } from "@/features/cart/notices";

/** A longer list is collapsed, so that totals and payment stay in reach. */
const MAX_LINES = 5;
const COLLAPSED_LINES = 3;

/** The products and totals of the order, as the server computed them. */
export function OrderReview({ cart }: { cart: Cart }) {
  const [isExpanded, setExpanded] = useState(false);
  const listId = useId();
  const isLong = cart.lines.length > MAX_LINES;
  const shown = isLong && !isExpanded ? cart.lines.filter((line, index) => index < COLLAPSED_LINES || hasNews(line)) : cart.lines;
  return (
    <div className="space-y-5">
      <ul id={listId} className="space-y-4">
        {shown.map((line) => (
          <ReviewLine key={line.productId} line={line} />
        ))}
      </ul>
      {isLong && (
        <Button variant="secondary" fullWidth aria-expanded={isExpanded} aria-controls={listId} onClick={() => setExpanded(!isExpanded)}>
          {isExpanded ? "Show fewer" : `Show all ${cart.lines.length} products`}
          <Icon name="down" className={`size-4 ${isExpanded ? "rotate-180" : ""}`} />
        </Button>
      )}
      <p className="text-small">
        <Link to="/cart" className="link">
          Change the cart
        </Link>
      </p>
      <Totals subtotal={cart.subtotal} shipping={cart.shipping} tax={cart.tax} total={cart.total} />
    </div>
  );
}

/** The shopper has to know it before they pay. */
function hasNews({ notice }: CartLine): boolean {
  return notice != null && notice.code !== "LOW_STOCK";
}

function ReviewLine({ line }: { line: CartLine }) {
  const { name, quantity, lineTotal, imageUrl, notice } = line;
  return (
    <li className="grid grid-cols-[3.5rem_1fr_auto] items-start gap-x-3">
      <ProductImage src={imageUrl} alt="" priority className="!rounded-control" />
      <div className="min-w-0">
        <p className="leading-snug font-semibold">{name}</p>
        <p className="text-small text-muted">{quantity === 1 ? "1 piece" : `${quantity} pieces`}</p>
        {notice && hasNews(line) && (
          <p className={`text-small font-semibold ${isBlocking(notice) ? "text-danger" : "text-notable"}`}>{getNoticeMessage(notice)}</p>
        )}
      </div>
      {notice?.code !== "UNAVAILABLE" && <Price price={lineTotal} />}
    </li>
  );
}
