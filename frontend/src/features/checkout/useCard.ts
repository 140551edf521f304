import { useCallback, useRef } from "react";

import type { Card } from "@/features/payment/card";

/** The card form, for whoever may want it before it is there: after a reload a payment goes on while Stripe's script loads. */
export function useCard() {
  const latest = useRef<Card>(undefined);
  const waiting = useRef<((card: Card) => void)[]>([]);

  const onCard = useCallback((card: Card) => {
    latest.current = card;
    for (const come of waiting.current.splice(0)) come(card);
  }, []);
  /** The card form as it is; undefined where it is not there yet. */
  const cardNow = useCallback(() => latest.current, []);
  /** The card form once it is there. */
  const card = useCallback(
    () => (latest.current ? Promise.resolve(latest.current) : new Promise<Card>((come) => waiting.current.push(come))),
    [],
  );
  return { onCard, card, cardNow };
}
