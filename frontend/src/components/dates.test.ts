import { describe, expect, it } from "vitest";

import { formatDate, formatDateTime } from "@/components/dates";
import samples from "@/components/dates.samples.json";

describe("dates", () => {
  // The e-mails' test reads the same samples, so that a page and an e-mail name the same day and time.
  it.each(samples)("shows $timestamp in the shop's time zone, as e-mails do", ({ timestamp, date, dateTime }) => {
    expect(formatDate(timestamp)).toBe(date);
    expect(formatDateTime(timestamp)).toBe(dateTime);
  });
});
