import { expect, test } from "vitest";

import { toTrees, type TracedEvent } from "@/staff/features/events/queries";

function event(eventId: string, depth: number): TracedEvent {
  return { eventId, depth } as TracedEvent;
}

function drawn(nodes: ReturnType<typeof toTrees>): unknown {
  return nodes.map(({ event: { eventId }, caused }) => (caused.length > 0 ? [eventId, drawn(caused)] : eventId));
}

test("each event is below the one that caused it", () => {
  const events = [event("paid", 0), event("placed", 1), event("stock", 2), event("mail", 2), event("done", 1), event("other", 0)];

  expect(drawn(toTrees(events))).toEqual([["paid", [["placed", ["stock", "mail"]], "done"]], "other"]);
});

test("nothing has no trees", () => {
  expect(toTrees([])).toEqual([]);
});
