import { useInfiniteQuery } from "@tanstack/react-query";

import type { StaffOrder } from "@/api/types";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { FilterDate, FilterSelect, ListToolbar, SearchField } from "@/staff/components/ListToolbar";
import { OrderBadge, STATUS_OPTIONS } from "@/staff/features/orders/OrderBadge";
import { type OrderStatus, staffOrdersQuery } from "@/staff/features/orders/queries";

const FILTERS = { status: "", q: "", from: "", to: "" };

const COLUMNS: readonly Column<StaffOrder>[] = [
  { title: "Order", cell: ({ orderNumber }) => orderNumber, className: "w-40" },
  { title: "Placed", cell: ({ placedAt }) => formatDate(placedAt), className: "w-44" },
  { title: "Customer", cell: ({ customer }) => customer.name ?? "Erased" },
  { title: "E-mail", cell: ({ customer }) => customer.email, className: "max-lg:hidden" },
  { title: "Status", cell: ({ status }) => <OrderBadge status={status} />, className: "w-52" },
  { title: "Total", cell: ({ total }) => <Price price={total} />, numeric: true, className: "w-28" },
];

function toStatus(value: string): OrderStatus | "" {
  return STATUS_OPTIONS.find(([status]) => status === value)?.[0] ?? "";
}

export function Component() {
  const [filters, setFilter] = useFilters(FILTERS);
  const status = toStatus(filters.status);
  const orders = useInfiniteQuery(staffOrdersQuery({ ...filters, status }));
  return (
    <ConsolePage title="Orders">
      <ListToolbar>
        <SearchField label="Search by number, e-mail or name" value={filters.q} onChange={(value) => setFilter("q", value)} />
        <FilterSelect label="Status" value={status} options={STATUS_OPTIONS} onChange={(value) => setFilter("status", value)} />
        <span className="flex items-center gap-2">
          <FilterDate label="From" value={filters.from} onChange={(value) => setFilter("from", value)} />
          <FilterDate label="to" value={filters.to} onChange={(value) => setFilter("to", value)} />
        </span>
      </ListToolbar>
      <List
        title="Orders"
        query={orders}
        columns={COLUMNS}
        id={({ orderId }) => orderId}
        to={({ orderId }) => path`/orders/${orderId}`}
        empty={<EmptyState title="No orders here">None was placed yet, or none fits the search and the filters.</EmptyState>}
      />
    </ConsolePage>
  );
}
