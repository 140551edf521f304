/** The periods of the reports, and the figures of their days gathered into as many bars as one can tell apart. */
import type { SalesOfDay } from "@/api/types";
import { getShopDay } from "@/components/dates";

export const PERIODS: readonly (readonly [days: string, name: string])[] = [
  ["30", "Last 30 days"],
  ["1", "Today"],
  ["7", "Last 7 days"],
  ["90", "Last 90 days"],
  ["365", "Last 12 months"],
];
const DAYS_AS_BARS = 31;
const DAYS_AS_WEEKS = 92;
const DAY_MS = 86_400_000;

const SHORT = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC" });
const LONG = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", day: "numeric", year: "numeric", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat("en-US", { month: "short", year: "numeric", timeZone: "UTC" });

/** Returns the first day of the period of that many days that ends today, where the shop is. */
export function getFirstDay(days: number, now = new Date()): string {
  return getShopDay(new Date(Date.parse(`${getShopDay(now)}T17:00:00Z`) - (days - 1) * DAY_MS));
}

/** Returns a day such as "2026-11-23" as "Mon, Nov 23, 2026". */
export function formatDay(day: string): string {
  return LONG.format(new Date(`${day}T00:00:00Z`));
}

export interface Bar {
  /** Under the bar, such as "Nov 23". */
  label: string;
  /** Such as "Mon, Nov 23, 2026", "Nov 17 to Nov 23" or "Nov 2026". */
  title: string;
  total: number;
  refunded: number;
  net: number;
  orders: number;
}

/** Returns the figures by day, by week of seven days that ends with the period, or by month. */
export function getBars(days: readonly SalesOfDay[]): Bar[] {
  if (days.length <= DAYS_AS_BARS) return days.map((day) => sum([day], formatDay(day.day)));
  const groups = days.length <= DAYS_AS_WEEKS ? groupBy(days, (_, index) => Math.floor((days.length - 1 - index) / 7)) : groupBy(days, ({ day }) => day.slice(0, 7));
  const isByMonth = days.length > DAYS_AS_WEEKS;
  return groups.map((group) => sum(group, isByMonth ? MONTH.format(new Date(`${group[0]?.day ?? ""}T00:00:00Z`)) : getTitle(group), isByMonth));
}

function getTitle(group: readonly SalesOfDay[]): string {
  const first = group[0]?.day ?? "";
  const last = group.at(-1)?.day ?? "";
  return `${SHORT.format(new Date(`${first}T00:00:00Z`))} to ${SHORT.format(new Date(`${last}T00:00:00Z`))}`;
}

function groupBy(days: readonly SalesOfDay[], key: (day: SalesOfDay, index: number) => number | string): SalesOfDay[][] {
  const groups: SalesOfDay[][] = [];
  let current: number | string | undefined;
  days.forEach((day, index) => {
    const found = key(day, index);
    if (found !== current || groups.length === 0) groups.push([]);
    current = found;
    groups.at(-1)?.push(day);
  });
  return groups;
}

function sum(group: readonly SalesOfDay[], title: string, isMonth = false): Bar {
  const first = new Date(`${group[0]?.day ?? "1970-01-01"}T00:00:00Z`);
  const add = (name: "total" | "refunded" | "net" | "orders") => group.reduce((total, day) => total + day[name], 0);
  return {
    label: isMonth ? MONTH.format(first) : SHORT.format(first),
    title,
    total: add("total"),
    refunded: add("refunded"),
    net: add("net"),
    orders: add("orders"),
  };
}
