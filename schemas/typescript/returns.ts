// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of returns, told apart by its detail-type.
 */
export type ReturnsEvent = ReturnReceivedEvent | ReturnRefundedEvent | WithdrawalReceivedEvent;

/**
 * Goods came back: some of them go on the shelf again, and the money for all of them to the card.
 */
export interface ReturnReceivedEvent {
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
  source: "ecom67.returns";
  "detail-type": "ReturnReceived";
  detail: ReturnReceivedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ReturnReceivedDetail {
  metadata: Metadata;
  data: ReturnReceived;
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
 * Goods came back: some of them go on the shelf again, and the money for all of them to the card.
 */
export interface ReturnReceived {
  returnId: string;
  orderId: string;
  userId: string;
  /**
   * @minItems 1
   */
  lines: ReceivedUnits[];
  /**
   * The goods and, where all of an order was withdrawn, its delivery.
   */
  refund: Money;
  /**
   * What of the refund is for delivery, with its tax; absent where nothing is.
   */
  delivery?: Money | null;
  reason: "WITHDRAWN" | "RETURNED";
  receivedAt: string;
}
/**
 * Units of a bought product that came back.
 */
export interface ReceivedUnits {
  productId: string;
  /**
   * Units that can be sold again.
   */
  restocked: number;
  /**
   * Units that cannot.
   */
  writtenOff: number;
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
 * The money for what came back is on its way to the card.
 */
export interface ReturnRefundedEvent {
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
  source: "ecom67.returns";
  "detail-type": "ReturnRefunded";
  detail: ReturnRefundedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ReturnRefundedDetail {
  metadata: Metadata;
  data: ReturnRefunded;
}
/**
 * The money for what came back is on its way to the card.
 */
export interface ReturnRefunded {
  returnId: string;
  orderId: string;
  userId: string;
  amount: Money;
  refundedAt: string;
}
/**
 * A shopper has confirmed that they withdraw from the contract, or from a part of it, and gets a receipt.
 */
export interface WithdrawalReceivedEvent {
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
  source: "ecom67.returns";
  "detail-type": "WithdrawalReceived";
  detail: WithdrawalReceivedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface WithdrawalReceivedDetail {
  metadata: Metadata;
  data: WithdrawalReceived;
}
/**
 * A shopper has confirmed that they withdraw from the contract, or from a part of it, and gets a receipt.
 */
export interface WithdrawalReceived {
  withdrawalId: string;
  orderId: string;
  userId: string;
  outcome: "CANCELLED" | "RETURN_OPENED" | "NOTHING_LEFT" | "TOO_LATE";
  /**
   * What it is about: the units that are given up.
   */
  lines: Line[];
  /**
   * What is given up as well and was not sent yet: it is refunded instead.
   */
  unsent?: Line[] | null;
  /**
   * The return that it has opened.
   */
  returnId?: string | null;
  /**
   * When the shopper confirmed it: what counts for the time of the law.
   */
  receivedAt: string;
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
