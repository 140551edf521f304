import { QueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problem";
import { getSession, subscribeToSession } from "@/features/auth/session";

const MAX_RETRIES = 2;
const MINUTE = 60_000;

/** Caches the queries. Client errors (4xx) are not retried: they would fail again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: MINUTE,
      gcTime: 15 * MINUTE,
      retry: (failures, error) => failures < MAX_RETRIES && !(error instanceof Problem && error.status < 500),
    },
  },
});

/** A shopper's data is removed when they sign out: the keys of these queries begin with `me`. */
subscribeToSession(() => {
  if (getSession().status === "anonymous") queryClient.removeQueries({ queryKey: ["me"] });
});
