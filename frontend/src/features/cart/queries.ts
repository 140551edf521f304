import { queryOptions } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";

export const CART_KEY = ["me", "cart"];

export const cartQuery = queryOptions({
  queryKey: CART_KEY,
  queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/cart", { signal })),
  staleTime: 10_000,
});
