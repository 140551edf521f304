/** Days of delivery. They are days where the shop is, and have no time. */
const DAY = new Intl.DateTimeFormat("en-US", { month: "long", day: "numeric", timeZone: "UTC" });

/** Returns when a parcel arrives, such as "December 3 – 5". */
export function formatArrival({ earliest, latest }: { earliest: string; latest: string }): string {
  // Engines differ in the spaces around the dash.
  return DAY.formatRange(toDate(earliest), toDate(latest)).replace(/[\s\u2009]*–[\s\u2009]*/u, "–");
}

function toDate(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
