import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import type { Address, Cart, PlacedOrder } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatMoney } from "@/components/money";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { addressesQuery } from "@/features/addresses/queries";
import { AddressStep } from "@/features/checkout/AddressStep";
import type { OrderRequest } from "@/features/checkout/attempt";
import { OrderProgressBanner } from "@/features/checkout/OrderProgressBanner";
import { OrderReview } from "@/features/checkout/OrderReview";
import { RefusalAlert } from "@/features/checkout/RefusalAlert";
import { StaleAttemptAlert } from "@/features/checkout/StaleAttemptAlert";
import { useCardForm } from "@/features/checkout/useCardForm";
import { usePlaceOrder } from "@/features/checkout/usePlaceOrder";
import { CardEntry } from "@/features/payment/CardEntry";
import { CardError } from "@/features/payment/cardForm";

/** What has to be there before the shopper can pay. The message goes away when it is there. */
type Lacking = "address" | "cardForm";

const LACKING_MESSAGES: Record<Lacking, string> = {
  address: "Say first where the parcel goes: enter an address and press “Use this address”.",
  cardForm: "The card form is not there yet. Wait a moment, or load the page again.",
};

interface CheckoutFormProps {
  userId: string;
  cart: Cart;
  emptyState: ReactNode;
}

/** The whole checkout on one page. The selected address is in the URL, the payment attempt in the local storage. */
export function CheckoutForm({ userId, cart, emptyState }: CheckoutFormProps) {
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const addresses = useQuery(addressesQuery).data ?? [];
  const address = selectAddress(addresses, search.get("address"));
  const { isCardReady, onCardReady, waitForCardForm, getCardForm } = useCardForm();
  const onPlaced = useCallback(
    ({ orderId, orderNumber }: PlacedOrder) => void navigate(path`/orders/${orderId}/confirmed`, { replace: true, state: { orderNumber } }),
    [navigate],
  );
  const placement = usePlaceOrder(userId, waitForCardForm, onPlaced);
  const [errorMessage, setErrorMessage] = useState<string>();
  const [lacking, setLacking] = useState<Lacking>();
  const [isCollecting, setCollecting] = useState(false);
  const alertRef = useRef<HTMLDivElement>(null);
  const isBusy = placement.progress !== null || isCollecting;

  const isLacking = (lacking === "address" && !address) || (lacking === "cardForm" && !isCardReady);
  const notice = lacking ? isLacking && LACKING_MESSAGES[lacking] : errorMessage;

  function focusNotice(): void {
    requestAnimationFrame(() => alertRef.current?.focus());
  }

  async function pay(): Promise<void> {
    if (isBusy) return;
    placement.dismiss();
    setErrorMessage(undefined);
    const cardForm = getCardForm();
    if (!address || !cardForm) {
      setLacking(address ? "cardForm" : "address");
      focusNotice();
      return;
    }
    setLacking(undefined);
    setCollecting(true);
    try {
      const paymentMethodId = await cardForm.createPaymentMethod();
      await placement.place({ paymentMethodId, shippingAddress: toShippingAddress(address), expectedTotal: cart.total }, cart);
    } catch (error) {
      setErrorMessage(error instanceof CardError ? error.message : "The card could not be taken. Please try again.");
      focusNotice();
    } finally {
      setCollecting(false);
    }
  }

  function selectAddressId(addressId: string): void {
    // What was refused may have been the address.
    if (placement.refusal?.problem.code === "VALIDATION") placement.dismiss();
    setSearch({ address: addressId }, { replace: true });
  }

  function acceptPrice(order: OrderRequest, currentCart: Cart): void {
    placement.dismiss();
    void placement.place({ ...order, expectedTotal: currentCart.total }, currentCart);
  }

  if (cart.lines.length === 0 && !placement.progress && !placement.staleAttempt && !placement.refusal) return emptyState;
  const isEditable = placement.progress === null;
  const shownCart = placement.orderedCart ?? cart;
  return (
    <div className="space-y-6">
      {placement.staleAttempt && <StaleAttemptAlert attempt={placement.staleAttempt} onResume={placement.resume} onDiscard={placement.discard} />}
      {placement.refusal && (
        <RefusalAlert
          refusal={placement.refusal}
          onAccept={(cart) => placement.refusal && acceptPrice(placement.refusal.attempt.order, cart)}
          onDismiss={placement.dismiss}
        />
      )}
      {placement.progress && <OrderProgressBanner progress={placement.progress} onBankRetry={placement.answerBankRetry} />}
      <div inert={!isEditable} className={`grid items-start gap-6 lg:grid-cols-[1fr_24rem] lg:gap-8 ${isEditable ? "" : "opacity-50"}`}>
        <div className="space-y-6">
          <Panel title="1. Delivery address">
            <AddressStep selected={address} onSelect={selectAddressId} />
          </Panel>
          <Panel title="2. Delivery">
            <p className="flex justify-between gap-4">
              <span>Standard delivery to your door</span>
              <span className="font-semibold">{shownCart.shipping.amount === 0 ? "Free" : formatMoney(shownCart.shipping)}</span>
            </p>
          </Panel>
          <Panel title="3. Payment">
            <CardEntry total={shownCart.total} onReady={onCardReady} />
          </Panel>
        </div>
        <Panel title="4. Your order" className="lg:sticky lg:top-6">
          <OrderReview cart={shownCart} />
          <div ref={alertRef} tabIndex={-1} className="mt-4">
            {notice && <Alert tone="error">{notice}</Alert>}
          </div>
          <div className="bottom-bar panel-bar md:mt-1">
            <Button fullWidth busy={isBusy} onClick={() => void pay()}>
              Pay {formatMoney(shownCart.total)}
            </Button>
          </div>
          <p className="mt-3 text-small text-muted md:mt-0">You buy what is listed here and pay now. Until it is sent, you can cancel it.</p>
        </Panel>
      </div>
    </div>
  );
}

function selectAddress(addresses: readonly Address[], addressId: string | null): Address | undefined {
  return addresses.find((address) => address.addressId === addressId) ?? addresses.find(({ isDefault }) => isDefault) ?? addresses[0];
}

function toShippingAddress({ name, line1, line2, city, postalCode, country }: Address): OrderRequest["shippingAddress"] {
  return { name, line1, ...(line2 ? { line2 } : {}), city, postalCode, country };
}
