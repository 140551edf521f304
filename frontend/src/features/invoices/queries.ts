import { queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { OrderDocument } from "@/api/types";

/** An invoice follows the parcel within seconds; it is asked for until then. */
const POLL_INTERVAL_MS = 5_000;
const POLLS_AT_MOST = 12;

/** The invoice and the credit notes of an order: none before its first parcel left. */
export function documentsQuery(orderId: string) {
  return queryOptions({
    queryKey: ["me", "orders", orderId, "documents"],
    queryFn: ({ signal }) => fetchDocuments(orderId, signal),
    refetchInterval: ({ state }) => (state.data?.length === 0 && state.dataUpdateCount < POLLS_AT_MOST ? POLL_INTERVAL_MS : false),
  });
}

/** Returns the address of a document's PDF, which is valid for minutes; so it is asked for at the click. */
export async function fetchDocumentUrl(orderId: string, number: string): Promise<string> {
  const found = (await fetchDocuments(orderId)).find((document) => document.number === number);
  if (!found) throw new Error(`${number} is no document of this order any more.`);
  return found.url;
}

async function fetchDocuments(orderId: string, signal?: AbortSignal): Promise<OrderDocument[]> {
  const { items } = await unwrap(authenticatedApi.GET("/api/orders/{orderId}/invoices", { params: { path: { orderId } }, signal: signal ?? null }));
  return items;
}
