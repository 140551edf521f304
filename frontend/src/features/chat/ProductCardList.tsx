import { useState } from "react";
import { Link } from "react-router";

import type { Card } from "@/api/messages";
import { getErrorMessage } from "@/api/problem";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ProductImage } from "@/components/ProductImage";
import { useUpdateCart } from "@/features/cart/useCart";
import { LOW_STOCK } from "@/features/catalog/stock";
import { toMoney } from "@/features/chat/toMoney";

const INITIAL_COUNT = 4;

interface ProductCardListProps {
  cards: readonly Card[];
  /** Called when a link is followed. */
  onNavigate: () => void;
}

/** Products that the assistant has found, with the price and stock of the message. */
export function ProductCardList({ cards, onNavigate }: ProductCardListProps) {
  const [isExpanded, setExpanded] = useState(false);
  const shown = isExpanded ? cards : cards.slice(0, INITIAL_COUNT);
  return (
    <div className="rounded-sheet border border-line bg-sheet">
      <ul aria-label="Products" className="divide-y divide-line">
        {shown.map((card) => (
          <ProductCardItem key={card.productId} card={card} onNavigate={onNavigate} />
        ))}
      </ul>
      {shown.length < cards.length && (
        <p className="border-t border-line px-3 py-2">
          <Button variant="link" onClick={() => setExpanded(true)}>
            Show {cards.length - shown.length} more
          </Button>
        </p>
      )}
    </div>
  );
}

function ProductCardItem({ card, onNavigate }: { card: Card; onNavigate: () => void }) {
  const price = toMoney(card.price);
  return (
    <li className="grid grid-cols-[4rem_1fr] gap-x-3 p-3">
      <ProductImage src={card.imageUrl} alt="" className="rounded-small" />
      <div>
        <p className="text-small text-muted">{card.brand}</p>
        <Link to={path`/p/${card.productId}`} onClick={onNavigate} className="leading-snug font-semibold hover:underline hover:underline-offset-4">
          {card.name}
        </Link>
        <div className="mt-1 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <p>
            <Price price={price} compareAt={card.compareAtPrice && toMoney(card.compareAtPrice)} className="font-semibold" />
            <span className="block text-small text-muted">{stockLabel(card.available)}</span>
          </p>
          {card.available > 0 && <AddButton card={card} onNavigate={onNavigate} />}
        </div>
      </div>
    </li>
  );
}

function stockLabel(available: number): string {
  if (available <= 0) return "Sold out";
  return available <= LOW_STOCK ? `Only ${available} left` : "In stock";
}

/** Shows its result in place: a toast would be hidden behind the assistant. */
function AddButton({ card, onNavigate }: { card: Card; onNavigate: () => void }) {
  const { mutate, isPending, isSuccess, error } = useUpdateCart({ silent: true });
  const { productId, name, imageUrl } = card;
  const label = isSuccess ? "Add another" : "Add to cart";
  const product = { productId, name, imageUrl, price: toMoney(card.price) };
  return (
    <div className="text-right">
      <Button variant="secondary" busy={isPending} aria-label={`${label}: ${name}`} onClick={() => mutate({ kind: "add", product, quantity: 1 })}>
        {label}
      </Button>
      <p role="status" className="text-small">
        {isSuccess && (
          <Link to="/cart" onClick={onNavigate} className="link inline-flex items-center gap-1">
            <Icon name="check" className="size-4" />
            In your cart
          </Link>
        )}
        {error && <span className="text-danger">{getErrorMessage(error)}</span>}
      </p>
    </div>
  );
}
