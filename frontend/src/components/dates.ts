/** A moment as the shopper reads it, in the shopper's own time zone. */

const DAY = new Intl.DateTimeFormat("en-US", { dateStyle: "long" });
const MOMENT = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeStyle: "short" });

export function dayOf(at: string): string {
  return DAY.format(new Date(at));
}

export function momentOf(at: string): string {
  return MOMENT.format(new Date(at));
}
