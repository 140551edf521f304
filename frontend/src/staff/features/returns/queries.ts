import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { authenticatedApi, unwrap } from "@/api/client";
import type { StaffReturn } from "@/api/types";

export const RETURNS_KEY = ["staff", "returns"];
const PAGE_SIZE = 50;

export type ReturnStatus = StaffReturn["status"];

export interface CameBack {
  productId: string;
  restock: number;
  writeOff: number;
}

export function returnsQuery(status: ReturnStatus) {
  return infiniteQueryOptions({
    queryKey: [...RETURNS_KEY, { status }],
    queryFn: ({ signal, pageParam: cursor }) =>
      unwrap(authenticatedApi.GET("/api/staff/returns", { params: { query: { status, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) } }, signal })),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}

export function returnQuery(returnId: string) {
  return queryOptions({
    queryKey: [...RETURNS_KEY, returnId],
    queryFn: ({ signal }) => unwrap(authenticatedApi.GET("/api/staff/returns/{returnId}", { params: { path: { returnId } }, signal })),
  });
}

export function useReceiveReturn(returnId: string) {
  return useChange((lines: readonly CameBack[]) =>
    unwrap(authenticatedApi.POST("/api/staff/returns/{returnId}/receive", { params: { path: { returnId } }, body: { lines: [...lines] } })),
  );
}

export function useCloseReturn(returnId: string) {
  return useChange(() => unwrap(authenticatedApi.POST("/api/staff/returns/{returnId}/close", { params: { path: { returnId } } })));
}

function useChange<Given>(change: (given: Given) => Promise<StaffReturn>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (after) => client.setQueryData(returnQuery(after.returnId).queryKey, after),
    // Also after an error: somebody else may have received it meanwhile.
    onSettled: () => client.invalidateQueries({ queryKey: RETURNS_KEY }),
  });
}
