// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of payment, told apart by its detail-type.
 */
export type PaymentEvent =
  | PaymentFailedEvent
  | PaymentRefundedEvent
  | PaymentRefundedV2Event
  | PaymentSucceededEvent
  | RefundFailedEvent
  | RefundPendingEvent;

/**
 * The bank declined, or the shopper failed 3-D Secure. Nothing was charged.
 */
export interface PaymentFailedEvent {
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
  source: "ecom67.payment";
  "detail-type": "PaymentFailed";
  detail: PaymentFailedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface PaymentFailedDetail {
  metadata: Metadata;
  data: PaymentFailed;
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
 * The bank declined, or the shopper failed 3-D Secure. Nothing was charged.
 */
export interface PaymentFailed {
  orderId: string;
  userId: string;
  amount: Money;
  /**
   * Stripe's decline code, such as insufficient_funds.
   */
  declineCode: string;
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
 * Money went back to the card. It is published beside PaymentRefundedV2 until no rule names it any more.
 */
export interface PaymentRefundedEvent {
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
  source: "ecom67.payment";
  "detail-type": "PaymentRefunded";
  detail: PaymentRefundedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface PaymentRefundedDetail {
  metadata: Metadata;
  data: PaymentRefunded;
}
/**
 * Money went back to the card. It is published beside PaymentRefundedV2 until no rule names it any more.
 */
export interface PaymentRefunded {
  orderId: string;
  userId: string;
  refundId: string;
  /**
   * What this refund gave back.
   */
  amount: Money;
  /**
   * All that was given back of this payment so far.
   */
  refundedTotal: Money;
  fullyRefunded: boolean;
  /**
   * A sentence for the reason of PaymentRefundedV2.
   */
  reason: string;
  /**
   * The shop's request for it; absent where staff used Stripe's dashboard.
   */
  requestId?: string | null;
}
/**
 * Money went back to the card.
 */
export interface PaymentRefundedV2Event {
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
  source: "ecom67.payment";
  "detail-type": "PaymentRefundedV2";
  detail: PaymentRefundedV2Detail;
}
/**
 * What the event carries: metadata and data.
 */
export interface PaymentRefundedV2Detail {
  metadata: Metadata;
  data: PaymentRefundedV2;
}
/**
 * Money went back to the card.
 */
export interface PaymentRefundedV2 {
  orderId: string;
  userId: string;
  refundId: string;
  /**
   * What this refund gave back.
   */
  amount: Money;
  /**
   * All that was given back of this payment so far.
   */
  refundedTotal: Money;
  fullyRefunded: boolean;
  reason:
    | "RETURNED"
    | "WITHDRAWN"
    | "DAMAGED"
    | "WRONG_ITEM"
    | "NOT_RECEIVED"
    | "PRICE_ADJUSTMENT"
    | "GOODWILL"
    | "OTHER"
    | "ORDER_CANCELLED"
    | "CHECKOUT_FAILED"
    | "DASHBOARD";
  /**
   * The shop's request for it; absent where staff used Stripe's dashboard.
   */
  requestId?: string | null;
}
/**
 * The shopper's card was charged.
 */
export interface PaymentSucceededEvent {
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
  source: "ecom67.payment";
  "detail-type": "PaymentSucceeded";
  detail: PaymentSucceededDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface PaymentSucceededDetail {
  metadata: Metadata;
  data: PaymentSucceeded;
}
/**
 * The shopper's card was charged.
 */
export interface PaymentSucceeded {
  orderId: string;
  userId: string;
  paymentIntentId: string;
  amount: Money;
}
/**
 * Stripe refuses a refund for good: no money went back, and a person has to act.
 */
export interface RefundFailedEvent {
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
  source: "ecom67.payment";
  "detail-type": "RefundFailed";
  detail: RefundFailedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface RefundFailedDetail {
  metadata: Metadata;
  data: RefundFailed;
}
/**
 * Stripe refuses a refund for good: no money went back, and a person has to act.
 */
export interface RefundFailed {
  orderId: string;
  userId: string;
  /**
   * The shop's request: the same one is refunded once.
   */
  requestId: string;
  /**
   * What was not given back.
   */
  amount: Money;
  /**
   * Stripe's error code, such as charge_disputed.
   */
  failureCode: string;
}
/**
 * Stripe has not made a refund although it was tried several times. It is tried again every minute.
 */
export interface RefundPendingEvent {
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
  source: "ecom67.payment";
  "detail-type": "RefundPending";
  detail: RefundPendingDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface RefundPendingDetail {
  metadata: Metadata;
  data: RefundPending;
}
/**
 * Stripe has not made a refund although it was tried several times. It is tried again every minute.
 */
export interface RefundPending {
  orderId: string;
  userId: string;
  /**
   * The shop's request: the same one is refunded once.
   */
  requestId: string;
  /**
   * What is going to be given back.
   */
  amount: Money;
  pendingSince: string;
}
