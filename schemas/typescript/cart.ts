// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of cart, told apart by its detail-type.
 */
export type CartEvent = CartAbandonedEvent | CartStartedEvent;

/**
 * A shopper left products in the cart and did not come back for a day.
 */
export interface CartAbandonedEvent {
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
  source: "ecom67.cart";
  "detail-type": "CartAbandoned";
  detail: CartAbandonedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface CartAbandonedDetail {
  metadata: Metadata;
  data: CartAbandoned;
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
 * A shopper left products in the cart and did not come back for a day.
 */
export interface CartAbandoned {
  userId: string;
  /**
   * @minItems 1
   */
  lines: Line[];
  subtotal: Money;
  lastTouchedAt: string;
}
/**
 * One bought product: what, how many, and at which price at that moment.
 */
export interface Line {
  productId: string;
  name: string;
  quantity: number;
  unitPrice: Money;
  imageUrl?: string | null;
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
 * A shopper has put the first product into an empty cart; what follows in that cart raises nothing more.
 */
export interface CartStartedEvent {
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
  source: "ecom67.cart";
  "detail-type": "CartStarted";
  detail: CartStartedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface CartStartedDetail {
  metadata: Metadata;
  data: CartStarted;
}
/**
 * A shopper has put the first product into an empty cart; what follows in that cart raises nothing more.
 */
export interface CartStarted {
  userId: string;
  startedAt: string;
}
