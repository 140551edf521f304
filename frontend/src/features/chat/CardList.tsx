import { useState } from "react";
import { Link } from "react-router";

import type { Card } from "@/api/messages";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Picture } from "@/components/Picture";
import { Price } from "@/components/Price";
import { useCartChange } from "@/features/cart/cart";
import { moneyOf } from "@/features/chat/words";

const SHOWN = 4;
const FEW = 5;

interface CardListProps {
  cards: readonly Card[];
  /** The shopper goes to a page. */
  onLeave: () => void;
}

/** Products that the assistant has found, at the price and stock that came with them. */
export function CardList({ cards, onLeave }: CardListProps) {
  const [all, setAll] = useState(false);
  const shown = all ? cards : cards.slice(0, SHOWN);
  return (
    <div className="rounded-sheet border border-line bg-sheet">
      <ul aria-label="Products" className="divide-y divide-line">
        {shown.map((card) => (
          <CardRow key={card.productId} card={card} onLeave={onLeave} />
        ))}
      </ul>
      {shown.length < cards.length && (
        <p className="border-t border-line px-3 py-2">
          <Button look="plain" onClick={() => setAll(true)}>
            Show {cards.length - shown.length} more
          </Button>
        </p>
      )}
    </div>
  );
}

function CardRow({ card, onLeave }: { card: Card; onLeave: () => void }) {
  const price = moneyOf(card.price);
  return (
    <li className="grid grid-cols-[4rem_1fr] gap-x-3 p-3">
      <Picture src={card.imageUrl} alt="" className="rounded-small" />
      <div>
        <p className="text-small text-muted">{card.brand}</p>
        <Link to={`/p/${card.productId}`} onClick={onLeave} className="leading-snug font-semibold hover:underline hover:underline-offset-4">
          {card.name}
        </Link>
        <div className="mt-1 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <p>
            <Price price={price} before={card.compareAtPrice && moneyOf(card.compareAtPrice)} className="font-semibold" />
            <span className="block text-small text-muted">{stockOf(card.available)}</span>
          </p>
          {card.available > 0 && <Take card={card} onLeave={onLeave} />}
        </div>
      </div>
    </li>
  );
}

function stockOf(available: number): string {
  if (available <= 0) return "Sold out";
  return available <= FEW ? `Only ${available} left` : "In stock";
}

/** As on a product's page, but told here: a message that passes would be behind the assistant. */
function Take({ card, onLeave }: { card: Card; onLeave: () => void }) {
  const { mutate, isPending, isSuccess, error } = useCartChange({ quiet: true });
  const { productId, name, imageUrl } = card;
  const label = isSuccess ? "Add another" : "Add to cart";
  const product = { productId, name, imageUrl, price: moneyOf(card.price) };
  return (
    <div className="text-right">
      <Button look="quiet" busy={isPending} aria-label={`${label}: ${name}`} onClick={() => mutate({ kind: "add", product, quantity: 1 })}>
        {label}
      </Button>
      <p role="status" className="text-small">
        {isSuccess && (
          <Link to="/cart" onClick={onLeave} className="link inline-flex items-center gap-1">
            <Icon name="check" className="size-4" />
            In your cart
          </Link>
        )}
        {error && <span className="text-danger">{sentenceOf(error)}</span>}
      </p>
    </div>
  );
}
