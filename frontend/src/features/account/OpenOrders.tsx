import { useEffect, useRef } from "react";
import { Link } from "react-router";

import type { ProblemDetails } from "@/api/types";
import { Button } from "@/components/Button";
import { FormError } from "@/components/FormError";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { useForm } from "@/components/useForm";

interface OpenOrdersProps {
  /** The newest of them. */
  orders: NonNullable<ProblemDetails["orders"]>;
  count: number;
  onDelete: () => Promise<void>;
  onCancel: () => void;
}

/** Says which paid orders are not sent yet, and offers both ways: to cancel them now, or to delete after delivery. */
export function OpenOrders({ orders, count, onDelete, onCancel }: OpenOrdersProps) {
  const { errors, busy, form } = useForm(onDelete);
  const heading = useRef<HTMLParagraphElement>(null);
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  const one = count === 1;
  return (
    <form {...form} className="space-y-4">
      <p ref={heading} tabIndex={-1} className="font-semibold outline-none">
        {one ? "You have an order that is paid and not sent yet." : `You have ${count} orders that are paid and not sent yet.`}
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {orders.map(({ orderId, orderNumber, total }) => (
          <li key={orderId} className="flex items-baseline justify-between gap-4 py-2">
            <Link to={path`/orders/${orderId}`} className="underline">
              Order {orderNumber}
            </Link>
            <Price price={total} />
          </li>
        ))}
        {count > orders.length && <li className="py-2 text-muted">and {count - orders.length} more</li>}
      </ul>
      <p>
        Without your account we could not send {one ? "it" : "them"}. {one ? "It" : "They"} can be cancelled now, and all of the money goes back to your card.
        Or keep your account until after delivery, and delete it then.
      </p>
      <FormError text={errors[""]}>Nothing is lost by trying again.</FormError>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy}>
          Cancel {one ? "the order" : `${count} orders`} and delete
        </Button>
        <Button variant="secondary" onClick={onCancel}>
          Keep my account until delivery
        </Button>
      </div>
    </form>
  );
}
