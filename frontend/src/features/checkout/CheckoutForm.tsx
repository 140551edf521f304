import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import type { Address, Cart } from "@/api/types";
import { Button } from "@/components/Button";
import { formatted } from "@/components/money";
import { Notice } from "@/components/Notice";
import { Panel } from "@/components/Panel";
import { addressesQuery } from "@/features/addresses/queries";
import { AddressStep } from "@/features/checkout/AddressStep";
import type { Order } from "@/features/checkout/attempt";
import { ForgottenAttempt } from "@/features/checkout/ForgottenAttempt";
import { OrderReview } from "@/features/checkout/OrderReview";
import { PlacingProgress } from "@/features/checkout/PlacingProgress";
import { RefusalNotice } from "@/features/checkout/RefusalNotice";
import { useCard } from "@/features/checkout/useCard";
import { usePlacing } from "@/features/checkout/usePlacing";
import { CardFault } from "@/features/payment/card";
import { CardEntry } from "@/features/payment/CardEntry";

interface CheckoutFormProps {
  userId: string;
  cart: Cart;
  ifEmpty: ReactNode;
}

/** All of checkout on one page. The chosen address is in the address bar, the attempt to pay in the browser's store. */
export function CheckoutForm({ userId, cart, ifEmpty }: CheckoutFormProps) {
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const addresses = useQuery(addressesQuery).data ?? [];
  const address = addressAmong(addresses, search.get("address"));
  const { onCard, card, cardNow } = useCard();
  const onPlaced = useCallback(
    (orderId: string) => void navigate(`/orders/${orderId}/confirmed`, { replace: true }),
    [navigate],
  );
  const placing = usePlacing(userId, card, onPlaced);
  const [fault, setFault] = useState<string>();
  const [collecting, setCollecting] = useState(false);
  const faultNotice = useRef<HTMLDivElement>(null);
  const isBusy = placing.progress !== null || collecting;

  function refuse(sentence: string): void {
    setFault(sentence);
    requestAnimationFrame(() => faultNotice.current?.focus());
  }

  async function pay(): Promise<void> {
    if (isBusy) return;
    placing.dismiss();
    setFault(undefined);
    const entered = cardNow();
    if (!address) {
      refuse("Say first where the parcel goes: enter an address and press “Use this address”.");
      return;
    }
    if (!entered) {
      refuse("The card form is not there yet. Wait a moment, or load the page again.");
      return;
    }
    setCollecting(true);
    try {
      const paymentMethodId = await entered.collect();
      await placing.place({ paymentMethodId, shippingAddress: textOf(address), expectedTotal: cart.total }, cart);
    } catch (error) {
      refuse(error instanceof CardFault ? error.message : "The card could not be taken. Please try again.");
    } finally {
      setCollecting(false);
    }
  }

  function accept(order: Order, now: Cart): void {
    placing.dismiss();
    void placing.place({ ...order, expectedTotal: now.total }, now);
  }

  if (cart.lines.length === 0 && !placing.progress && !placing.forgotten && !placing.refusal) return ifEmpty;
  const shown = placing.progress === null;
  const ordered = placing.ordered ?? cart;
  return (
    <div className="space-y-6">
      {placing.forgotten && <ForgottenAttempt attempt={placing.forgotten} onResume={placing.resume} onGiveUp={placing.giveUp} />}
      {placing.refusal && (
        <RefusalNotice
          refusal={placing.refusal}
          onAccept={(now) => placing.refusal && accept(placing.refusal.attempt.order, now)}
          onDismiss={placing.dismiss}
        />
      )}
      {placing.progress && <PlacingProgress progress={placing.progress} answerBank={placing.answerBank} />}
      <div inert={!shown} className={`grid items-start gap-6 lg:grid-cols-[1fr_24rem] lg:gap-8 ${shown ? "" : "opacity-50"}`}>
        <div className="space-y-6">
          <Panel title="1. Delivery address">
            <AddressStep chosen={address} onChoose={(addressId) => setSearch({ address: addressId }, { replace: true })} />
          </Panel>
          <Panel title="2. Delivery">
            <p className="flex justify-between gap-4">
              <span>Standard delivery to your door</span>
              <span className="font-semibold">{ordered.shipping.amount === 0 ? "Free" : formatted(ordered.shipping)}</span>
            </p>
          </Panel>
          <Panel title="3. Payment">
            <CardEntry total={ordered.total} onCard={onCard} />
          </Panel>
        </div>
        <Panel title="4. Your order" className="lg:sticky lg:top-6">
          <OrderReview cart={ordered} />
          <div ref={faultNotice} tabIndex={-1} className="mt-4">
            {fault && <Notice tone="wrong">{fault}</Notice>}
          </div>
          <Button wide className="mt-4" busy={isBusy} onClick={() => void pay()}>
            Pay {formatted(ordered.total)}
          </Button>
          <p className="mt-3 text-small text-muted">You buy what is listed here and pay now. Until it is sent, you can cancel it.</p>
        </Panel>
      </div>
    </div>
  );
}

function addressAmong(addresses: readonly Address[], addressId: string | null): Address | undefined {
  return addresses.find((address) => address.addressId === addressId) ?? addresses.find(({ isDefault }) => isDefault) ?? addresses[0];
}

/** What is printed on the parcel. */
function textOf({ name, line1, line2, city, postalCode, country }: Address): Order["shippingAddress"] {
  return { name, line1, ...(line2 ? { line2 } : {}), city, postalCode, country };
}
