import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import type { Appearance, Stripe } from "@stripe/stripe-js";
import { useEffect, useState } from "react";

import type { Money } from "@/api/types";
import { ErrorState } from "@/components/ErrorState";
import { type Card, CardFault } from "@/features/payment/card";
import { CardSkeleton } from "@/features/payment/CardSkeleton";

interface StripeCardProps {
  publishableKey: string;
  total: Money;
  onCard: (card: Card) => void;
}

let loading: Promise<Stripe | null> | undefined;

/** Load Stripe's script once. A failure is not remembered. */
function stripeOf(publishableKey: string): Promise<Stripe | null> {
  loading ??= loadStripe(publishableKey).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Stripe's own form. The card is entered in its frame and never touches the shop; the server confirms the payment. */
export default function StripeCard({ publishableKey, total, onCard }: StripeCardProps) {
  const [attempt, setAttempt] = useState(0);
  const [stripe, setStripe] = useState<Stripe | null>(null);
  const [error, setError] = useState<Error>();

  useEffect(() => {
    stripeOf(publishableKey).then(setStripe, (fault: unknown) => setError(fault instanceof Error ? fault : new Error(String(fault))));
  }, [publishableKey, attempt]);

  if (error) {
    const retry = () => {
      setError(undefined);
      setAttempt(attempt + 1);
    };
    return <ErrorState what="The card form" error={error} retry={retry} />;
  }
  if (!stripe) return <CardSkeleton />;
  return (
    <Elements
      stripe={stripe}
      options={{
        mode: "payment",
        amount: total.amount,
        currency: total.currency.toLowerCase(),
        allowedPaymentMethodTypes: ["card"],
        paymentMethodCreation: "manual",
        appearance: appearance(),
      }}
    >
      <Fields onCard={onCard} />
    </Elements>
  );
}

function Fields({ onCard }: { onCard: (card: Card) => void }) {
  const stripe = useStripe();
  const elements = useElements();
  const [ready, setReady] = useState(false);

  useEffect(() => {
    if (!stripe || !elements) return;
    onCard({
      collect: async () => {
        const { error } = await elements.submit();
        if (error) throw new CardFault(error.message ?? "Check the card details.");
        const made = await stripe.createPaymentMethod({ elements });
        if (made.error) throw new CardFault(made.error.message ?? "The card could not be taken. Please try again.");
        return made.paymentMethod.id;
      },
      authenticate: async (clientSecret) => {
        await stripe.handleNextAction({ clientSecret });
      },
    });
  }, [stripe, elements, onCard]);

  return (
    <>
      {!ready && <CardSkeleton />}
      <PaymentElement options={{ layout: "tabs" }} onReady={() => setReady(true)} />
    </>
  );
}

/** The shop's look for what Stripe draws in its frame, where our style sheet does not reach. */
function appearance(): Appearance {
  return {
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe",
    variables: {
      colorPrimary: colour("--color-action"),
      colorBackground: colour("--color-sheet"),
      colorText: colour("--color-ink"),
      colorTextSecondary: colour("--color-muted"),
      colorDanger: colour("--color-danger"),
      fontFamily: "Figtree, system-ui, sans-serif",
      borderRadius: "8px",
    },
  };
}

/** A token's value in the present scheme; Stripe does not know `light-dark()`. */
function colour(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
