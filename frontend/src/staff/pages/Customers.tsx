import { useInfiniteQuery } from "@tanstack/react-query";

import { Button } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { ListToolbar, SearchField } from "@/staff/components/ListToolbar";
import { type Customer, customersQuery } from "@/staff/features/customers/queries";

const FILTERS = { q: "" };
const COLUMNS: readonly Column<Customer>[] = [
  { title: "E-mail", cell: ({ email, userId }) => <span className="truncate">{email ?? userId}</span> },
  { title: "Name", cell: ({ name }) => name, className: "w-64 max-lg:hidden" },
  { title: "Account since", cell: ({ createdAt }) => formatDate(createdAt), className: "w-44" },
];

export function Component() {
  const [filters, setFilter, clear] = useFilters(FILTERS);
  const customers = useInfiniteQuery(customersQuery(filters));
  return (
    <ConsolePage title="Customers">
      <ListToolbar>
        <SearchField label="Search by the beginning of the e-mail address, or by id" value={filters.q} onChange={(q) => setFilter("q", q)} />
      </ListToolbar>
      <List
        title="Customers"
        query={customers}
        columns={COLUMNS}
        id={({ userId }) => userId}
        to={({ userId }) => path`/customers/${userId}`}
        empty={
          filters.q ? (
            <EmptyState title={`Nobody found for “${filters.q}”`} action={<Button onClick={clear}>Show all customers</Button>}>
              An address is found by its beginning, as it was entered at sign-up. Who was erased is not found.
            </EmptyState>
          ) : (
            <EmptyState title="Nobody has an account yet">Whoever signs up in the shop is listed here.</EmptyState>
          )
        }
      />
    </ConsolePage>
  );
}
