// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of catalog, told apart by its detail-type.
 */
export type CatalogEvent = ProductCreatedEvent | ProductDeletedEvent | ProductUpdatedEvent;

/**
 * A product exists now.
 */
export interface ProductCreatedEvent {
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
  source: "ecom67.catalog";
  "detail-type": "ProductCreated";
  detail: ProductCreatedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ProductCreatedDetail {
  metadata: Metadata;
  data: ProductCreated;
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
 * A product exists now.
 */
export interface ProductCreated {
  productId: string;
  product: ProductSnapshot;
  /**
   * Units on hand that came with it; from then on stock is inventory's alone.
   */
  initialStock?: number | null;
}
/**
 * A product as the catalog shows it. Stock is inventory's and is not here.
 */
export interface ProductSnapshot {
  productId: string;
  name: string;
  description: string;
  category: string;
  brand: string;
  price: Money;
  compareAtPrice?: Money | null;
  imageUrl: string;
  images?: string[];
  tags?: string[];
  attributes?: {
    [k: string]: string;
  };
  status: "ACTIVE" | "HIDDEN";
  createdAt: string;
  updatedAt: string;
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
 * A product can no longer be seen or bought.
 */
export interface ProductDeletedEvent {
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
  source: "ecom67.catalog";
  "detail-type": "ProductDeleted";
  detail: ProductDeletedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ProductDeletedDetail {
  metadata: Metadata;
  data: ProductDeleted;
}
/**
 * A product can no longer be seen or bought.
 */
export interface ProductDeleted {
  productId: string;
  deletedAt: string;
}
/**
 * A product is shown differently from now on; carries the whole of it.
 */
export interface ProductUpdatedEvent {
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
  source: "ecom67.catalog";
  "detail-type": "ProductUpdated";
  detail: ProductUpdatedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ProductUpdatedDetail {
  metadata: Metadata;
  data: ProductUpdated;
}
/**
 * A product is shown differently from now on; carries the whole of it.
 */
export interface ProductUpdated {
  productId: string;
  product: ProductSnapshot;
}
