import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { Panel } from "@/components/Panel";
import { Price } from "@/components/Price";
import { Totals } from "@/components/Totals";
import { isBlocking } from "@/features/cart/notices";
import type { CartView } from "@/features/cart/useCart";

/** The totals of the cart and the button to check out. */
export function CartSummary({ cart }: { cart: CartView }) {
  const navigate = useNavigate();
  const [isRefused, setRefused] = useState(false);
  const notice = useRef<HTMLDivElement>(null);
  const { subtotal, shipping, total, isAnonymous, isChanging } = cart;
  const isBlocked = cart.lines.some((line) => isBlocking(line.notice));

  function checkOut(): void {
    if (isBlocked) {
      setRefused(true);
      requestAnimationFrame(() => notice.current?.focus());
    } else void navigate("/checkout");
  }

  return (
    <Panel title="Summary" className="lg:sticky lg:top-6">
      <div aria-busy={isChanging} className={isChanging ? "opacity-60" : ""}>
        {subtotal && shipping && total ? (
          <Totals subtotal={subtotal} shipping={shipping} total={total} />
        ) : (
          subtotal && (
            <p className="flex justify-between text-lead font-semibold">
              <span>Goods</span> <Price price={subtotal} />
            </p>
          )
        )}
      </div>
      {isAnonymous && <p className="mt-3 text-small text-muted">You sign in first; your cart comes with you. What delivery costs is shown before you pay.</p>}
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
