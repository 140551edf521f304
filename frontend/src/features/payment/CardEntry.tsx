import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { settings } from "@/api/settings";
import type { Money } from "@/api/types";
import { ErrorState } from "@/components/ErrorState";
import { Notice } from "@/components/Notice";
import type { Card } from "@/features/payment/card";
import { CardSkeleton } from "@/features/payment/CardSkeleton";

const StripeCard = lazy(() => import("@/features/payment/StripeCard"));
const TestCards = lazy(() => import("@/features/payment/TestCards"));

interface CardEntryProps {
  /** What is to be paid. */
  total: Money;
  /** Told once the card can be entered. */
  onCard: (card: Card) => void;
}

/** Where the card is entered, by what the stage has. */
export function CardEntry({ total, onCard }: CardEntryProps) {
  const { data, isError, error, refetch, isFetching } = useQuery({ queryKey: ["settings"], queryFn: settings, staleTime: Infinity });
  if (isError) return <ErrorState what="The card form" error={error} retry={refetch} busy={isFetching} />;
  if (data && !data.stripePublishableKey && !data.testCards)
    return <Notice tone="wrong">This shop takes no payments yet.</Notice>;
  return (
    <Suspense fallback={<CardSkeleton />}>
      {!data && <CardSkeleton />}
      {data?.stripePublishableKey && <StripeCard publishableKey={data.stripePublishableKey} total={total} onCard={onCard} />}
      {data && !data.stripePublishableKey && <TestCards total={total} onCard={onCard} />}
    </Suspense>
  );
}
