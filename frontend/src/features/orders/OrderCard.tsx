import { Link } from "react-router";

import type { Order } from "@/api/types";
import { formatDate } from "@/components/dates";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { StatusBadge } from "@/features/orders/StatusBadge";

const MAX_IMAGES = 4;

/** An order in the list. The whole card is clickable. */
export function OrderCard({ order }: { order: Order }) {
  const { orderId, orderNumber, status, placedAt, total, lines } = order;
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <article className="relative flex flex-wrap items-center gap-x-6 gap-y-4 rounded-sheet border border-line bg-sheet p-5 hover:border-edge">
      <div className="min-w-0 flex-1 basis-60">
        <h2 className="font-sans text-lead font-semibold">
          <Link
            to={path`/orders/${orderId}`}
            className="after:absolute after:inset-0 after:rounded-sheet focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-action"
          >
            {formatDate(placedAt)}
          </Link>
        </h2>
        <p className="text-muted">
          {units === 1 ? "1 piece" : `${units} pieces`} · <Price price={total} /> · Number {orderNumber}
        </p>
        <p className="mt-2">
          <StatusBadge status={status} />
        </p>
      </div>
      <ul className="flex gap-2" aria-label="What was ordered">
        {lines.slice(0, MAX_IMAGES).map(({ productId, name, imageUrl }) => (
          <li key={productId} className="w-16">
            <ProductImage src={imageUrl ?? ""} alt={name} className="!rounded-control" />
          </li>
        ))}
        {lines.length > MAX_IMAGES && <li className="self-center text-muted">+{lines.length - MAX_IMAGES}</li>}
      </ul>
    </article>
  );
}
