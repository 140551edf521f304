import { QueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problem";
import { getSession, subscribeToSession } from "@/features/auth/session";

const MAX_RETRIES = 2;
const MINUTE = 60_000;

/** Caches what staff has read. A page shows that at once and reads it again: colleagues and shoppers change it meanwhile. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 0,
      gcTime: 15 * MINUTE,
      // Client errors (4xx) are not retried: they would fail again.
      retry: (failures, error) => failures < MAX_RETRIES && !(error instanceof Problem && error.status < 500),
    },
  },
});

/** Nothing of the shop's customers stays behind for who signs in next. */
subscribeToSession(() => {
  if (getSession().status === "anonymous") queryClient.clear();
});
