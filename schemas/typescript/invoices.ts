// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of invoices, told apart by its detail-type.
 */
export type InvoicesEvent = CreditNoteIssuedEvent | InvoiceIssuedEvent;

/**
 * Money of an invoiced order was given back, and the credit note of it can be had.
 */
export interface CreditNoteIssuedEvent {
  /**
   * Of EventBridge's envelope.
   */
  version: string;
  /**
   * EventBridge's own; another one when an event is put again.
   */
  id: string;
  account: string;
  /**
   * When EventBridge took the event.
   */
  time: string;
  region: string;
  resources: string[];
  /**
   * Of the replay that brings the event; else it is not there.
   */
  "replay-name"?: string;
  source: "ecom67.invoices";
  "detail-type": "CreditNoteIssued";
  detail: CreditNoteIssuedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface CreditNoteIssuedDetail {
  metadata: Metadata;
  data: CreditNoteIssued;
}
/**
 * What is known of any event, whatever it says.
 */
export interface Metadata {
  /**
   * UUIDv7, ours: survives a second put.
   */
  eventId: string;
  /**
   * Version of the data's contract.
   */
  version: number;
  occurredAt: string;
  /**
   * The function that raised it.
   */
  producer: string;
  /**
   * The request in which all of it began.
   */
  correlationId: string;
  /**
   * The eventId of the event that caused this one.
   */
  causationId?: string | null;
  /**
   * The thing that changed.
   */
  aggregateId: string;
  /**
   * Counts the changes of that thing; older ones are to be dropped.
   */
  sequence: number;
  /**
   * W3C trace context.
   */
  traceparent?: string | null;
}
/**
 * Money of an invoiced order was given back, and the credit note of it can be had.
 */
export interface CreditNoteIssued {
  orderId: string;
  userId: string;
  creditNoteNumber: string;
  invoiceNumber: string;
  amount: Money;
  issuedAt: string;
}
/**
 * An amount in integer minor units (cents) of an ISO 4217 currency.
 */
export interface Money {
  /**
   * Minor units: cents for USD.
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency?: string;
}
/**
 * The first parcel of an order left, and the invoice of the whole order can be had.
 */
export interface InvoiceIssuedEvent {
  /**
   * Of EventBridge's envelope.
   */
  version: string;
  /**
   * EventBridge's own; another one when an event is put again.
   */
  id: string;
  account: string;
  /**
   * When EventBridge took the event.
   */
  time: string;
  region: string;
  resources: string[];
  /**
   * Of the replay that brings the event; else it is not there.
   */
  "replay-name"?: string;
  source: "ecom67.invoices";
  "detail-type": "InvoiceIssued";
  detail: InvoiceIssuedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface InvoiceIssuedDetail {
  metadata: Metadata;
  data: InvoiceIssued;
}
/**
 * The first parcel of an order left, and the invoice of the whole order can be had.
 */
export interface InvoiceIssued {
  orderId: string;
  userId: string;
  invoiceNumber: string;
  total: Money;
  issuedAt: string;
}
