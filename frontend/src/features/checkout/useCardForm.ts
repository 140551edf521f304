import { useCallback, useRef, useState } from "react";

import type { CardForm } from "@/features/payment/cardForm";

/** Provides the card form, also before it is ready: after a reload a payment continues while Stripe's script loads. */
export function useCardForm() {
  const cardForm = useRef<CardForm>(undefined);
  const [isCardReady, setCardReady] = useState(false);
  const waiting = useRef<((cardForm: CardForm) => void)[]>([]);

  const onCardReady = useCallback((ready: CardForm) => {
    cardForm.current = ready;
    setCardReady(true);
    for (const resolve of waiting.current.splice(0)) resolve(ready);
  }, []);
  /** Returns the card form; undefined if it is not ready yet. */
  const getCardForm = useCallback(() => cardForm.current, []);
  /** Resolves with the card form once it is ready. */
  const waitForCardForm = useCallback(
    () => (cardForm.current ? Promise.resolve(cardForm.current) : new Promise<CardForm>((resolve) => waiting.current.push(resolve))),
    [],
  );
  return { isCardReady, onCardReady, waitForCardForm, getCardForm };
}
