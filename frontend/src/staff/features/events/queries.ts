import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type EventTrace = Schemas["EventTrace"];
export type TracedEvent = Schemas["TracedEvent"];
export type DeadLetterQueue = Schemas["DeadLetterQueueView"];
export type QuarantinedMessage = Schemas["QuarantineView"];
export type Difference = Schemas["Finding"];

export const EVENTS_KEY = ["staff", "events"];
const PAGE_SIZE = 50;

export function traceQuery(subject: string) {
  return queryOptions({
    queryKey: [...EVENTS_KEY, "trace", subject],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/events", { params: { query: { orderId: subject } }, signal })),
  });
}

export const deadLettersQuery = queryOptions({
  queryKey: [...EVENTS_KEY, "dead-letters"],
  queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/dead-letters", { signal })),
});

export const quarantineQuery = queryOptions({
  queryKey: [...EVENTS_KEY, "quarantine"],
  queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/quarantine", { params: { query: { limit: PAGE_SIZE } }, signal })),
});

export const differencesQuery = infiniteQueryOptions({
  queryKey: [...EVENTS_KEY, "differences"],
  queryFn: ({ signal, pageParam: cursor }) =>
    unwrap(
      authenticatedApi.GET("/api/staff/differences", {
        params: { query: { limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  initialPageParam: "",
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
});

export function redrive(queue: string) {
  return unwrap(authenticatedApi.POST("/api/staff/dead-letters/{queue}/redrive", { params: { path: { queue } } }));
}

export function acceptDifference(differenceId: string, note: string) {
  return unwrap(
    authenticatedApi.POST("/api/staff/differences/{differenceId}/accept", {
      params: { path: { differenceId } },
      body: { note },
    }),
  );
}

/** An event with what it caused, as a tree. */
export interface EventNode {
  event: TracedEvent;
  caused: EventNode[];
}

/** Returns the trees of a request: the API lists each event after the one that caused it, with its depth. */
export function toTrees(events: readonly TracedEvent[]): EventNode[] {
  const roots: EventNode[] = [];
  const open: EventNode[] = [];
  for (const event of events) {
    const node = { event, caused: [] };
    open.length = event.depth;
    (open.at(-1)?.caused ?? roots).push(node);
    open.push(node);
  }
  return roots;
}
