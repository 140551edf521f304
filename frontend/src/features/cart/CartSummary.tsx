import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatMoney } from "@/components/money";
import { Panel } from "@/components/Panel";
import { Price } from "@/components/Price";
import { Totals } from "@/components/Totals";
import { isBlocking } from "@/features/cart/notices";
import type { CartView } from "@/features/cart/useCart";
import { formatArrival } from "@/features/delivery/arrival";
import { useDeliveryCountry } from "@/features/delivery/country";
import { CountrySelect } from "@/features/delivery/CountrySelect";
import { deliveryQuoteQuery } from "@/features/delivery/queries";

/** The totals of the cart and the button to check out. */
export function CartSummary({ cart }: { cart: CartView }) {
  const navigate = useNavigate();
  const [isRefused, setRefused] = useState(false);
  const notice = useRef<HTMLDivElement>(null);
  const { subtotal, isAnonymous, isChanging } = cart;
  const country = useDeliveryCountry();
  const { data: quote, isPlaceholderData } = useQuery(deliveryQuoteQuery({ country }, cart.lines));
  const usual = quote?.options[0];
  const isSettling = isChanging || isPlaceholderData;
  const isBlocked = cart.lines.some((line) => isBlocking(line.notice));

  function checkOut(): void {
    if (isBlocked) {
      setRefused(true);
      requestAnimationFrame(() => notice.current?.focus());
    } else void navigate("/checkout");
  }

  return (
    <Panel title="Summary" className="lg:sticky lg:top-6">
      <div aria-busy={isSettling} className={isSettling ? "opacity-60" : ""}>
        {quote && usual ? (
          <Totals
            subtotal={quote.subtotal}
            shipping={usual.price}
            tax={usual.tax}
            isTaxPending={quote.taxDisplay === "AT_CHECKOUT"}
            total={usual.total}
          />
        ) : (
          subtotal && (
            <p className="flex justify-between text-lead font-semibold">
              <span>Goods</span> <Price price={subtotal} />
            </p>
          )
        )}
      </div>
      {quote && (
        <div className="mt-4 space-y-1.5 text-small">
          <CountrySelect served={quote.countries} />
          <div role="status">
            {quote.refusal ? (
              <p className="font-semibold text-notable">
                {quote.refusal.message} {namesOf(cart, quote.refusal.productIds)}
              </p>
            ) : (
              usual && (
                <p>
                  {usual.label} arrives <span className="font-semibold">{formatArrival(usual)}</span>.
                  {usual.untilFree && ` It is free with ${formatMoney(usual.untilFree)} more of goods.`}
                  {quote.options.length > 1 && " You can choose another way at checkout."}
                </p>
              )
            )}
          </div>
        </div>
      )}
      {isAnonymous && <p className="mt-3 text-small text-muted">You sign in first; your cart comes with you.</p>}
      <div ref={notice} tabIndex={-1} className="mt-4">
        {isRefused && isBlocked && (
          <Alert tone="error">Some of it cannot be had as it stands in the cart. Take fewer or remove it, then check out.</Alert>
        )}
      </div>
      <Button fullWidth className="mt-4" busy={isChanging} onClick={checkOut}>
        Check out
      </Button>
    </Panel>
  );
}

function namesOf(cart: CartView, productIds: readonly string[]): string {
  const names = cart.lines.filter(({ productId }) => productIds.includes(productId)).map(({ name }) => name);
  return names.length > 0 ? `It is about ${names.join(", ")}.` : "";
}
