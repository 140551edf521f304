// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * Any event of notifications, told apart by its detail-type.
 */
export type NotificationsEvent = NotificationFailedEvent | NotificationSentEvent;

/**
 * An e-mail could not be sent.
 */
export interface NotificationFailedEvent {
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
  source: "ecom67.notifications";
  "detail-type": "NotificationFailed";
  detail: NotificationFailedDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface NotificationFailedDetail {
  metadata: Metadata;
  data: NotificationFailed;
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
 * An e-mail could not be sent.
 */
export interface NotificationFailed {
  notificationId: string;
  userId: string;
  template: string;
  subjectId: string;
  reason: string;
}
/**
 * An e-mail was handed to SES.
 */
export interface NotificationSentEvent {
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
  source: "ecom67.notifications";
  "detail-type": "NotificationSent";
  detail: NotificationSentDetail;
}
/**
 * What the event carries: metadata and data.
 */
export interface NotificationSentDetail {
  metadata: Metadata;
  data: NotificationSent;
}
/**
 * An e-mail was handed to SES.
 */
export interface NotificationSent {
  notificationId: string;
  userId: string;
  template: string;
  subjectId: string;
}
