import { QueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problem";
import { currentSession, subscribe } from "@/features/auth/session";

const RETRIES = 2;
const MINUTE = 60_000;

/** What was read of the API, and how often a failed read is tried again. A client's error is not: it would fail again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: MINUTE,
      gcTime: 15 * MINUTE,
      retry: (failures, error) => failures < RETRIES && !(error instanceof Problem && error.status < 500),
    },
  },
});

/** What was read of a shopper goes with them: keys of such queries begin with `own`. */
subscribe(() => {
  if (currentSession().status === "anonymous") queries.removeQueries({ queryKey: ["own"] });
});
