// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of inventory, told apart by its detail-type.
 */
export type InventoryEvent = StockChangedEvent | StockShortEvent;

/**
 * The number of units that can be bought now is another one, or was stated anew by a count of the warehouse.
 */
export interface StockChangedEvent {
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
  source: "ecom67.inventory";
  "detail-type": "StockChanged";
  detail: StockChangedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface StockChangedDetail {
  metadata: Metadata;
  data: StockChanged;
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
 * The number of units that can be bought now is another one, or was stated anew by a count of the warehouse.
 */
export interface StockChanged {
  productId: string;
  /**
   * Units on hand that nobody has reserved.
   */
  available: number;
  /**
   * Units in the warehouse, reserved ones included.
   */
  onHand: number;
}
/**
 * A placed order found its reservation expired and the units sold: it has to be cancelled.
 */
export interface StockShortEvent {
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
  source: "ecom67.inventory";
  "detail-type": "StockShort";
  detail: StockShortDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface StockShortDetail {
  metadata: Metadata;
  data: StockShort;
}
/**
 * A placed order found its reservation expired and the units sold: it has to be cancelled.
 */
export interface StockShort {
  orderId: string;
  userId: string;
  lines: ShortLine[];
}
/**
 * A line of an order that cannot be fulfilled.
 */
export interface ShortLine {
  productId: string;
  quantity: number;
}
