import { useEffect, useRef, useState } from "react";

import type { Money } from "@/api/types";
import { CardError, type CardForm } from "@/features/payment/cardForm";
import { TestBank } from "@/features/payment/TestBank";

const CARDS = [
  { id: "pm_card_visa", number: "4242 4242 4242 4242", outcome: "is paid" },
  { id: "pm_card_threeDSecure2Required", number: "4000 0000 0000 3220", outcome: "the bank asks first (3-D Secure)" },
  { id: "pm_card_visa_chargeDeclined", number: "4000 0000 0000 0002", outcome: "is declined" },
  { id: "pm_card_visa_chargeDeclinedInsufficientFunds", number: "4000 0000 0000 9995", outcome: "has too little money" },
  { id: "pm_card_visa_chargeDeclinedExpiredCard", number: "4000 0000 0000 0069", outcome: "has expired" },
  { id: "pm_card_visa_chargeDeclinedIncorrectCvc", number: "4000 0000 0000 0127", outcome: "has another security code" },
] as const;

interface Challenge {
  paymentIntentId: string;
  resolve: () => void;
}

/** Replaces Stripe's form in the local stage: test cards, and a test bank for 3-D Secure. */
export default function TestCards({ total, onReady }: { total: Money; onReady: (cardForm: CardForm) => void }) {
  const [challenge, setChallenge] = useState<Challenge>();
  const selectedId = useRef<string>(CARDS[0].id);

  useEffect(
    () =>
      onReady({
        createPaymentMethod: () => (selectedId.current ? Promise.resolve(selectedId.current) : Promise.reject(new CardError("Choose a test card."))),
        authenticate: (clientSecret) =>
          new Promise((resolve) => setChallenge({ paymentIntentId: clientSecret.split("_secret_")[0] ?? "", resolve })),
      }),
    [onReady],
  );

  return (
    <fieldset>
      <legend className="mb-3 w-full rounded-control bg-notable-tint px-4 py-3">
        <strong>Test mode.</strong> No real card can be charged here. Choose the test card to pay with.
      </legend>
      <ul className="divide-y divide-line rounded-control border border-edge">
        {CARDS.map(({ id, number, outcome }, index) => (
          <li key={id}>
            <label htmlFor={id} className="grid min-h-11 grid-cols-[auto_1fr] items-center gap-x-3 px-4 py-2 has-checked:bg-tint sm:grid-cols-[auto_auto_1fr]">
              <input
                id={id}
                type="radio"
                name="testCard"
                value={id}
                defaultChecked={index === 0}
                onChange={() => {
                  selectedId.current = id;
                }}
                className="size-4.5 shrink-0"
              />
              <span className="font-semibold tabular-nums">{number}</span>
              <span className="text-muted max-sm:col-start-2">{outcome}</span>
            </label>
          </li>
        ))}
      </ul>
      {challenge && (
        <TestBank
          paymentIntentId={challenge.paymentIntentId}
          total={total}
          onComplete={() => {
            setChallenge(undefined);
            challenge.resolve();
          }}
        />
      )}
    </fieldset>
  );
}
