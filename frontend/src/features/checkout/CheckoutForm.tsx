import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import type { Address, Cart, DeliveryOption, PlacedOrder } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { formatMoney } from "@/components/money";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Skeleton } from "@/components/Skeleton";
import { getDefaultCountry } from "@/features/addresses/countries";
import { addressesQuery } from "@/features/addresses/queries";
import { AddressStep } from "@/features/checkout/AddressStep";
import type { OrderRequest } from "@/features/checkout/attempt";
import { OrderProgressBanner } from "@/features/checkout/OrderProgressBanner";
import { OrderReview } from "@/features/checkout/OrderReview";
import { RefusalAlert } from "@/features/checkout/RefusalAlert";
import { StaleAttemptAlert } from "@/features/checkout/StaleAttemptAlert";
import { useCardForm } from "@/features/checkout/useCardForm";
import { usePlaceOrder } from "@/features/checkout/usePlaceOrder";
import { DeliveryMethods } from "@/features/delivery/DeliveryMethods";
import { deliveryQuoteQuery, type Destination } from "@/features/delivery/queries";
import { CardEntry } from "@/features/payment/CardEntry";
import { CardError } from "@/features/payment/cardForm";
import { CheckoutReminder } from "@/features/reminders/CheckoutReminder";

/** What has to be there before the shopper can pay. The message goes away when it is there. */
type Lacking = "address" | "delivery" | "cardForm";

const LACKING_MESSAGES: Record<Lacking, string> = {
  address: "Say first where the parcel goes: enter an address and press “Use this address”.",
  delivery: "It cannot be delivered yet: see “2. Delivery”.",
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
  const quote = useQuery({
    ...deliveryQuoteQuery(address ? toDestination(address) : { country: getDefaultCountry() }, cart.lines),
    enabled: address !== undefined && cart.lines.length > 0,
  });
  const [method, setMethod] = useState<string>();
  // The quote of another address or cart, which is on the screen meanwhile, cannot be paid.
  const options = address && !quote.isPlaceholderData ? (quote.data?.options ?? []) : [];
  const delivery = options.find((option) => option.method === method) ?? options[0];
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
  // What is to be paid is not known before.
  const isQuoting = quote.isFetching && !delivery;

  const isLacking =
    (lacking === "address" && !address) || (lacking === "delivery" && !delivery) || (lacking === "cardForm" && !isCardReady);
  const notice = lacking ? isLacking && LACKING_MESSAGES[lacking] : errorMessage;

  function focusNotice(): void {
    requestAnimationFrame(() => alertRef.current?.focus());
  }

  async function pay(): Promise<void> {
    if (isBusy) return;
    placement.dismiss();
    setErrorMessage(undefined);
    const cardForm = getCardForm();
    if (!address || !delivery || !cardForm) {
      setLacking(!address ? "address" : !delivery ? "delivery" : "cardForm");
      focusNotice();
      return;
    }
    setLacking(undefined);
    setCollecting(true);
    try {
      const paymentMethodId = await cardForm.createPaymentMethod();
      const order = { paymentMethodId, shippingAddress: toShippingAddress(address), deliveryMethod: delivery.method };
      await placement.place({ ...order, expectedTotal: delivery.total }, withDelivery(cart, delivery));
    } catch (error) {
      setErrorMessage(error instanceof CardError ? error.message : "The card could not be taken. Please try again.");
      focusNotice();
    } finally {
      setCollecting(false);
    }
  }

  function selectAddressId(addressId: string): void {
    // What was refused may have been the address.
    if (["VALIDATION", "UNDELIVERABLE"].includes(placement.refusal?.problem.code ?? "")) placement.dismiss();
    setSearch({ address: addressId }, { replace: true });
  }

  function acceptPrice(order: OrderRequest, currentCart: Cart): void {
    placement.dismiss();
    void placement.place({ ...order, expectedTotal: currentCart.total }, currentCart);
  }

  if (cart.lines.length === 0 && !placement.progress && !placement.staleAttempt && !placement.refusal) return emptyState;
  const isEditable = placement.progress === null;
  const shownCart = placement.orderedCart ?? (delivery ? withDelivery(cart, delivery) : cart);
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
            <div role="status" aria-busy={quote.isFetching}>
              {!address ? (
                <p className="text-muted">Enter an address, and you see here what delivery costs and when it arrives.</p>
              ) : delivery ? (
                <DeliveryMethods options={options} chosen={delivery} onChoose={setMethod} />
              ) : quote.data?.refusal && !quote.isPlaceholderData ? (
                <Undeliverable message={quote.data.refusal.message} names={namesOf(cart, quote.data.refusal.productIds)} />
              ) : quote.error && !quote.isFetching ? (
                <ErrorState subject="Delivery" error={quote.error} onRetry={quote.refetch} />
              ) : (
                <Skeleton className="h-16" />
              )}
            </div>
          </Panel>
          <Panel title="3. Payment">
            <CardEntry total={shownCart.total} onReady={onCardReady} />
          </Panel>
        </div>
        <Panel title="4. Your order" className="lg:sticky lg:top-6">
          <OrderReview cart={shownCart} />
          <CheckoutReminder />
          <div ref={alertRef} tabIndex={-1} className="mt-4">
            {notice && <Alert tone="error">{notice}</Alert>}
          </div>
          <div className="bottom-bar panel-bar md:mt-1">
            <Button fullWidth busy={isBusy || isQuoting} onClick={() => void pay()}>
              Pay {formatMoney(shownCart.total)}
            </Button>
          </div>
          <p className="mt-3 text-small text-muted md:mt-0">You buy what is listed here and pay now. Until it is sent, you can cancel it.</p>
        </Panel>
      </div>
    </div>
  );
}

function Undeliverable({ message, names }: { message: string; names: readonly string[] }) {
  return (
    <Alert tone="error">
      {message}
      {names.length > 0 && (
        <>
          {" "}
          It is about {names.join(", ")}.{" "}
          <Link to="/cart" className="link">
            Change the cart
          </Link>
        </>
      )}
    </Alert>
  );
}

function namesOf(cart: Cart, productIds: readonly string[]): string[] {
  return cart.lines.filter(({ productId }) => productIds.includes(productId)).map(({ name }) => name);
}

/** The cart with the totals of a delivery, as the server computed them. */
function withDelivery(cart: Cart, { price, tax, total }: DeliveryOption): Cart {
  return { ...cart, shipping: price, tax: tax ?? null, total };
}

function toDestination({ country, region, postalCode, line1, line2, phone }: Address): Destination {
  return {
    ...{ country, region: region ?? null, postalCode: postalCode ?? null },
    ...{ line1, line2: line2 ?? null, hasPhone: phone != null },
  };
}

function selectAddress(addresses: readonly Address[], addressId: string | null): Address | undefined {
  return addresses.find((address) => address.addressId === addressId) ?? addresses.find(({ isDefault }) => isDefault) ?? addresses[0];
}

function toShippingAddress(address: Address): OrderRequest["shippingAddress"] {
  const { name, line1, line2, city, region, postalCode, country, phone } = address;
  return {
    ...{ name, line1, ...(line2 ? { line2 } : {}), ...(city ? { city } : {}), ...(region ? { region } : {}) },
    ...{ ...(postalCode ? { postalCode } : {}), country, ...(phone ? { phone } : {}) },
  };
}
