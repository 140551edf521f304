// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of orders, told apart by its detail-type.
 */
export type OrdersEvent =
  | OrderCancelledEvent
  | OrderDeliveredEvent
  | OrderPlacedEvent
  | OrderRefundedEvent
  | OrderShippedEvent
  | ParcelDeliveredEvent
  | RefundRequestedEvent;

/**
 * The order will not be sent: stock goes back on the shelf and money to the card.
 */
export interface OrderCancelledEvent {
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
  source: "ecom67.orders";
  "detail-type": "OrderCancelled";
  detail: OrderCancelledDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface OrderCancelledDetail {
  metadata: Metadata;
  data: OrderCancelled;
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
 * The order will not be sent: stock goes back on the shelf and money to the card.
 */
export interface OrderCancelled {
  orderId: string;
  userId: string;
  /**
   * @minItems 1
   */
  lines: Line[];
  total: Money;
  cancelledBy: "SHOPPER" | "STAFF" | "SYSTEM";
  reason: string;
  cancelledAt: string;
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
 * All of the order that was to be sent has arrived.
 */
export interface OrderDeliveredEvent {
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
  source: "ecom67.orders";
  "detail-type": "OrderDelivered";
  detail: OrderDeliveredDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface OrderDeliveredDetail {
  metadata: Metadata;
  data: OrderDelivered;
}
/**
 * All of the order that was to be sent has arrived.
 */
export interface OrderDelivered {
  orderId: string;
  userId: string;
  deliveredAt: string;
}
/**
 * A paid order exists. From here on everything is choreography.
 */
export interface OrderPlacedEvent {
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
  source: "ecom67.orders";
  "detail-type": "OrderPlaced";
  detail: OrderPlacedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface OrderPlacedDetail {
  metadata: Metadata;
  data: OrderPlaced;
}
/**
 * A paid order exists. From here on everything is choreography.
 */
export interface OrderPlaced {
  orderId: string;
  userId: string;
  /**
   * @minItems 1
   */
  lines: Line[];
  subtotal: Money;
  shipping: Money;
  total: Money;
  /**
   * How it is delivered, and when it is to arrive.
   */
  delivery?: ChosenDelivery | null;
  /**
   * The tax within the total; absent where none is collected, and before it was computed.
   */
  tax?: OrderTax | null;
  placedAt: string;
}
/**
 * The way in which an order is delivered, as it was promised.
 *
 * Attributes:
 *     method: its id in the settings of delivery.
 *     label: as the shopper read it.
 *     earliest, latest: the days between which it arrives, in the time zone of the warehouse.
 *     standard_price: what the least expensive way would have cost; None in what was stored before that was known.
 */
export interface ChosenDelivery {
  method: string;
  label: string;
  earliest: string;
  latest: string;
  /**
   * What the least expensive way would have cost: who withdraws gets no more of it back.
   */
  standardPrice?: Money | null;
}
/**
 * The tax of an order, by line and by rate. An order without it has none, or is from before.
 *
 * Attributes:
 *     prices: whether the tax is within the prices, or was added to them.
 *     amount: all of it.
 *     lines: as the lines of the order.
 *     delivery: the taxes of delivery.
 *     rates: the sums by rate, which an invoice has to name.
 */
export interface OrderTax {
  prices: "INCLUSIVE" | "EXCLUSIVE";
  amount: Money;
  lines: LineTax[];
  delivery?: TaxAmount[];
  rates: TaxAmount[];
}
/**
 * The taxes of a line: none where it is exempt.
 */
export interface LineTax {
  productId: string;
  taxes: TaxAmount[];
}
/**
 * One tax of something.
 */
export interface TaxAmount {
  /**
   * As it is shown, with its rate, such as ``HST 13%``.
   */
  name: string;
  /**
   * In thousandths of a percent: 13000 is 13 %.
   */
  rate: number;
  /**
   * The price without tax of what is taxed.
   */
  base: Money;
  amount: Money;
}
/**
 * Money for an order was given back, in part or all of it.
 */
export interface OrderRefundedEvent {
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
  source: "ecom67.orders";
  "detail-type": "OrderRefunded";
  detail: OrderRefundedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface OrderRefundedDetail {
  metadata: Metadata;
  data: OrderRefunded;
}
/**
 * Money for an order was given back, in part or all of it.
 */
export interface OrderRefunded {
  orderId: string;
  userId: string;
  amount: Money;
  refundedTotal: Money;
  fullyRefunded: boolean;
  /**
   * The tax within the amount, by rate; absent where the order has none.
   */
  tax?: TaxAmount[] | null;
  /**
   * The request that it was made for; absent where the money went back without one.
   */
  requestId?: string | null;
  /**
   * Units that were refunded instead of being sent: they can be sold again.
   */
  unsent?: UnsentUnits[] | null;
  refundedAt: string;
}
/**
 * Units of a bought product that never left the warehouse.
 */
export interface UnsentUnits {
  productId: string;
  quantity: number;
}
/**
 * A parcel left the warehouse, with all of the order in it or a part.
 */
export interface OrderShippedEvent {
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
  source: "ecom67.orders";
  "detail-type": "OrderShipped";
  detail: OrderShippedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface OrderShippedDetail {
  metadata: Metadata;
  data: OrderShipped;
}
/**
 * A parcel left the warehouse, with all of the order in it or a part.
 */
export interface OrderShipped {
  orderId: string;
  userId: string;
  carrier: string;
  trackingNumber: string;
  shippedAt: string;
  /**
   * Number of the parcel within the order; absent where an order was one parcel.
   */
  parcelId?: string | null;
  /**
   * The units in the parcel; absent where it has all of the order.
   */
  lines?: Line[] | null;
  /**
   * Whether nothing is left to be sent; absent where it has all of the order.
   */
  completesOrder?: boolean | null;
}
/**
 * A parcel arrived, and more of the order is to come. With the last one, OrderDelivered tells instead.
 */
export interface ParcelDeliveredEvent {
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
  source: "ecom67.orders";
  "detail-type": "ParcelDelivered";
  detail: ParcelDeliveredDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ParcelDeliveredDetail {
  metadata: Metadata;
  data: ParcelDelivered;
}
/**
 * A parcel arrived, and more of the order is to come. With the last one, OrderDelivered tells instead.
 */
export interface ParcelDelivered {
  orderId: string;
  userId: string;
  parcelId: string;
  deliveredAt: string;
}
/**
 * Staff wants a part of an order's payment, or all that is left of it, to go back to the card.
 */
export interface RefundRequestedEvent {
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
  source: "ecom67.orders";
  "detail-type": "RefundRequested";
  detail: RefundRequestedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface RefundRequestedDetail {
  metadata: Metadata;
  data: RefundRequested;
}
/**
 * Staff wants a part of an order's payment, or all that is left of it, to go back to the card.
 */
export interface RefundRequested {
  orderId: string;
  userId: string;
  /**
   * Identifies the request: the same one is refunded once.
   */
  requestId: string;
  amount: Money;
  reason:
    "RETURNED" | "WITHDRAWN" | "DAMAGED" | "WRONG_ITEM" | "NOT_RECEIVED" | "PRICE_ADJUSTMENT" | "GOODWILL" | "OTHER";
  requestedAt: string;
}
