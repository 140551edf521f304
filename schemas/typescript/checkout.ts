// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of checkout, told apart by its detail-type.
 */
export type CheckoutEvent = CheckoutCompletedEvent | CheckoutFailedEvent;

/**
 * A shopper paid, and the order is on its way to the orders service.
 */
export interface CheckoutCompletedEvent {
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
  source: "ecom67.checkout";
  "detail-type": "CheckoutCompleted";
  detail: CheckoutCompletedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface CheckoutCompletedDetail {
  metadata: Metadata;
  data: CheckoutCompleted;
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
 * A shopper paid, and the order is on its way to the orders service.
 */
export interface CheckoutCompleted {
  orderId: string;
  userId: string;
  total: Money;
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
 * A checkout ended without an order. Nothing is charged, or it was given back.
 */
export interface CheckoutFailedEvent {
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
  source: "ecom67.checkout";
  "detail-type": "CheckoutFailed";
  detail: CheckoutFailedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface CheckoutFailedDetail {
  metadata: Metadata;
  data: CheckoutFailed;
}
/**
 * A checkout ended without an order. Nothing is charged, or it was given back.
 */
export interface CheckoutFailed {
  orderId: string;
  userId: string;
  reason: "EMPTY_CART" | "PRICE_CHANGED" | "UNAVAILABLE" | "OUT_OF_STOCK" | "DECLINED" | "FAULT";
  /**
   * The sentence that the shopper reads of it.
   */
  message?: string | null;
  /**
   * Whether a request of the shopper got this outcome. Where none did, an e-mail tells them.
   */
  answered?: boolean;
}
