import { infiniteQueryOptions } from "@tanstack/react-query";

import { publicApi, unwrap } from "@/api/client";

export const PRODUCTS_KEY = ["staff", "products"];
const PAGE_SIZE = 50;

export function productsQuery({ category }: { category: string }) {
  return infiniteQueryOptions({
    queryKey: [...PRODUCTS_KEY, { category }],
    queryFn: ({ signal, pageParam: cursor }) => {
      const query = { limit: PAGE_SIZE, ...(category ? { category } : {}), ...(cursor ? { cursor } : {}) };
      return unwrap(publicApi.GET("/api/products", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}
