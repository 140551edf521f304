// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of identity, told apart by its detail-type.
 */
export type IdentityEvent = ExportReadyEvent | UserDeletedEvent | UserRegisteredEvent;

/**
 * The file with all that the shop stores of a shopper can be had, until it expires.
 */
export interface ExportReadyEvent {
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
  source: "ecom67.identity";
  "detail-type": "ExportReady";
  detail: ExportReadyDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface ExportReadyDetail {
  metadata: Metadata;
  data: ExportReady;
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
 * The file with all that the shop stores of a shopper can be had, until it expires.
 */
export interface ExportReady {
  exportId: string;
  userId: string;
  expiresAt: string;
}
/**
 * A shopper asked for erasure: whoever stores something of them deletes it.
 */
export interface UserDeletedEvent {
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
  source: "ecom67.identity";
  "detail-type": "UserDeleted";
  detail: UserDeletedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface UserDeletedDetail {
  metadata: Metadata;
  data: UserDeleted;
}
/**
 * A shopper asked for erasure: whoever stores something of them deletes it.
 */
export interface UserDeleted {
  userId: string;
  deletedAt: string;
}
/**
 * A shopper confirmed their e-mail address and has an account.
 */
export interface UserRegisteredEvent {
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
  source: "ecom67.identity";
  "detail-type": "UserRegistered";
  detail: UserRegisteredDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface UserRegisteredDetail {
  metadata: Metadata;
  data: UserRegistered;
}
/**
 * A shopper confirmed their e-mail address and has an account.
 */
export interface UserRegistered {
  userId: string;
  registeredAt: string;
}
