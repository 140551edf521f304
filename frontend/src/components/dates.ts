/** Formats timestamps in the shop's time zone, which e-mails and help name as well: a day is the same one everywhere. */

/** The same as in `schemas/time_zone.py`. */
const TIME_ZONE = "America/New_York";

const DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: TIME_ZONE });
const TIME = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone: TIME_ZONE, timeZoneName: "short" });

const DAY_PARTS = new Intl.DateTimeFormat("en-US", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: TIME_ZONE });

/** Returns a day, such as "March 1, 2026". */
export function formatDate(timestamp: string): string {
  return DATE.format(new Date(timestamp));
}

/** Returns a moment with its time zone, such as "March 1, 2026 at 7:05 AM EST". */
export function formatDateTime(timestamp: string): string {
  // Engines differ in the space before AM and PM.
  return `${formatDate(timestamp)} at ${TIME.format(new Date(timestamp)).replace(/\s/gu, " ")}`;
}

/** Returns the day of the shop on which a moment is, such as "2026-03-01". */
export function getShopDay(moment: Date): string {
  const parts = Object.fromEntries(DAY_PARTS.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}
