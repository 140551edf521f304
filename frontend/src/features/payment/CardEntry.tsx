import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { loadSettings } from "@/api/settings";
import type { Money } from "@/api/types";
import { Alert } from "@/components/Alert";
import { ErrorState } from "@/components/ErrorState";
import type { CardForm } from "@/features/payment/cardForm";
import { CardSkeleton } from "@/features/payment/CardSkeleton";

const StripeCard = lazy(() => import("@/features/payment/StripeCard"));
const TestCards = lazy(() => import("@/features/payment/TestCards"));

interface CardEntryProps {
  total: Money;
  /** Called once the card can be entered. */
  onReady: (cardForm: CardForm) => void;
}

/** The form for the card: Stripe's, or the test cards of the local stage. */
export function CardEntry({ total, onReady }: CardEntryProps) {
  const { data, isError, error, refetch, isFetching } = useQuery({ queryKey: ["settings"], queryFn: loadSettings, staleTime: Infinity });
  if (isError) return <ErrorState subject="The card form" error={error} onRetry={refetch} busy={isFetching} />;
  if (data && !data.stripePublishableKey && !data.testCards)
    return <Alert tone="error">This shop takes no payments yet.</Alert>;
  return (
    <Suspense fallback={<CardSkeleton />}>
      {!data && <CardSkeleton />}
      {data?.stripePublishableKey && <StripeCard publishableKey={data.stripePublishableKey} total={total} onReady={onReady} />}
      {data && !data.stripePublishableKey && <TestCards total={total} onReady={onReady} />}
    </Suspense>
  );
}
