import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import type { Appearance, Stripe } from "@stripe/stripe-js";
import { useEffect, useState } from "react";

import { loadOnce } from "@/api/loadOnce";
import type { Money } from "@/api/types";
import { ErrorState } from "@/components/ErrorState";
import { CardError, type CardForm } from "@/features/payment/cardForm";
import { CardSkeleton } from "@/features/payment/CardSkeleton";

interface StripeCardProps {
  publishableKey: string;
  total: Money;
  onReady: (cardForm: CardForm) => void;
}

const loadStripeOnce = loadOnce((publishableKey: string) => loadStripe(publishableKey));

/** Stripe's Payment Element. Card data stays in its iframe; the server confirms the payment. */
export default function StripeCard({ publishableKey, total, onReady }: StripeCardProps) {
  const [attempt, setAttempt] = useState(0);
  const [stripe, setStripe] = useState<Stripe | null>(null);
  const [error, setError] = useState<Error>();

  useEffect(() => {
    loadStripeOnce(publishableKey).then(setStripe, (cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))));
  }, [publishableKey, attempt]);

  if (error) {
    const retry = () => {
      setError(undefined);
      setAttempt(attempt + 1);
    };
    return <ErrorState subject="The card form" error={error} onRetry={retry} />;
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
        appearance: getAppearance(),
      }}
    >
      <PaymentFields onReady={onReady} />
    </Elements>
  );
}

function PaymentFields({ onReady }: { onReady: (cardForm: CardForm) => void }) {
  const stripe = useStripe();
  const elements = useElements();
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    if (!stripe || !elements) return;
    onReady({
      createPaymentMethod: async () => {
        const { error } = await elements.submit();
        if (error) throw new CardError(error.message ?? "Check the card details.");
        const result = await stripe.createPaymentMethod({ elements });
        if (result.error) throw new CardError(result.error.message ?? "The card could not be taken. Please try again.");
        return result.paymentMethod.id;
      },
      authenticate: async (clientSecret) => {
        await stripe.handleNextAction({ clientSecret });
      },
    });
  }, [stripe, elements, onReady]);

  return (
    <>
      {!isReady && <CardSkeleton />}
      <PaymentElement options={{ layout: "tabs" }} onReady={() => setReady(true)} />
    </>
  );
}

/** Returns the shop's theme for Stripe's iframe, which the style sheet does not reach. */
function getAppearance(): Appearance {
  return {
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe",
    variables: {
      colorPrimary: resolveColor("--color-action"),
      colorBackground: resolveColor("--color-sheet"),
      colorText: resolveColor("--color-ink"),
      colorTextSecondary: resolveColor("--color-muted"),
      colorDanger: resolveColor("--color-danger"),
      fontFamily: "Figtree, system-ui, sans-serif",
      borderRadius: "8px",
    },
  };
}

/** Returns the value of a design token in the current colour scheme; Stripe does not support `light-dark()`. */
function resolveColor(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
