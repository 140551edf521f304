import { useInfiniteQuery } from "@tanstack/react-query";

import type { StaffReturn } from "@/api/types";
import { formatDateTime } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { FilterSelect, ListToolbar } from "@/staff/components/ListToolbar";
import { type ReturnStatus, returnsQuery } from "@/staff/features/returns/queries";
import { REASON_LABELS, STATUS_OPTIONS } from "@/staff/features/returns/ReturnBadge";

const FILTERS = { status: "REQUESTED" };

const COLUMNS: readonly Column<StaffReturn>[] = [
  { title: "Return", cell: ({ returnNumber }) => returnNumber, className: "w-40" },
  { title: "What", cell: ({ lines }) => lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(", ") },
  { title: "Why", cell: ({ reason }) => REASON_LABELS[reason], className: "w-52 max-lg:hidden" },
  { title: "Announced", cell: ({ requestedAt }) => formatDateTime(requestedAt), className: "w-64 max-lg:hidden" },
  { title: "Refund", cell: ({ refund }) => refund && <Price price={refund} />, numeric: true, className: "w-28" },
];

function toStatus(value: string): ReturnStatus {
  return STATUS_OPTIONS.find(([status]) => status === value)?.[0] ?? "REQUESTED";
}

export function Component() {
  const [filters, setFilter] = useFilters(FILTERS);
  const status = toStatus(filters.status);
  const returns = useInfiniteQuery(returnsQuery(status));
  return (
    <ConsolePage title="Returns">
      <ListToolbar>
        <FilterSelect label="Status" value={status} options={STATUS_OPTIONS} onChange={(value) => setFilter("status", value)} />
      </ListToolbar>
      <List
        title="Returns"
        query={returns}
        columns={COLUMNS}
        id={({ returnId }) => returnId}
        to={({ returnId }) => path`/returns/${returnId}`}
        empty={
          <EmptyState title="No returns here">
            {status === "REQUESTED" ? "Nobody has announced one that has not arrived." : "No return has this status."}
          </EmptyState>
        }
      />
    </ConsolePage>
  );
}
