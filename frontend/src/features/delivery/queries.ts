import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { publicApi, unwrap } from "@/api/client";
import type { DeliveryQuestion, Money } from "@/api/types";

const QUOTE_STALE_MS = 60_000;

interface QuotedLine {
  productId: string;
  quantity: number;
  unitPrice?: Money;
}

export type Destination = Omit<DeliveryQuestion, "products">;

/** What delivery of products costs and when they arrive; the quote before stays on the screen until the new one is there. */
export function deliveryQuoteQuery(destination: Destination, lines: readonly QuotedLine[]) {
  const question: DeliveryQuestion = {
    ...destination,
    products: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  };
  return queryOptions({
    // A price that has changed is another question, although the server knows it by itself.
    queryKey: ["delivery", question, lines.map(({ unitPrice }) => unitPrice?.amount)],
    queryFn: ({ signal }) => unwrap(publicApi.POST("/api/delivery/quotes", { body: question, signal })),
    placeholderData: keepPreviousData,
    staleTime: QUOTE_STALE_MS,
    enabled: lines.length > 0,
  });
}

/** What an address has in a country. */
export function addressFormatQuery(country: string) {
  return queryOptions({
    queryKey: ["address-format", country],
    queryFn: ({ signal }) => unwrap(publicApi.GET("/api/address-formats/{country}", { params: { path: { country } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
