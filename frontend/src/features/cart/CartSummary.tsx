import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { Panel } from "@/components/Panel";
import { Price } from "@/components/Price";
import { Totals } from "@/components/Totals";
import type { ShownCart } from "@/features/cart/cart";
import { isInTheWay } from "@/features/cart/notices";

/** What it costs, and the way to checkout. */
export function CartSummary({ cart }: { cart: ShownCart }) {
  const navigate = useNavigate();
  const [refused, setRefused] = useState(false);
  const notice = useRef<HTMLDivElement>(null);
  const { subtotal, shipping, total, isAnonymous, isChanging } = cart;
  const isBlocked = cart.lines.some((line) => isInTheWay(line.notice));

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
        {refused && isBlocked && (
          <Notice tone="wrong">Some of it cannot be had as it stands in the cart. Take fewer or remove it, then check out.</Notice>
        )}
      </div>
      <Button wide className="mt-4" busy={isChanging} onClick={checkOut}>
        Check out
      </Button>
    </Panel>
  );
}
