/** Formats timestamps in the shopper's time zone. */

const DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long" });
const DATE_TIME = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });

export function formatDate(timestamp: string): string {
  return DATE.format(new Date(timestamp));
}

export function formatDateTime(timestamp: string): string {
  return DATE_TIME.format(new Date(timestamp));
}
