import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { ErrorState } from "@/components/ErrorState";
import { formatMoney } from "@/components/money";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Badge } from "@/staff/components/Badge";
import { FilterSelect } from "@/staff/components/ListToolbar";
import { Table } from "@/staff/components/Table";
import { bestSellersQuery, lowStockQuery, type BestBy } from "@/staff/features/reports/queries";

const SOON_DAYS = 7;

/** What sold best in a period. */
export function BestSellers({ days }: { days: number }) {
  const [by, setBy] = useState<BestBy>("sales");
  const { data, error, refetch, isFetching } = useQuery(bestSellersQuery(days, by));
  return (
    <Panel title="Best sellers">
      <div className="mb-3">
        <FilterSelect
          label="Judged by"
          value={by}
          options={[
            ["sales", "By sales"],
            ["units", "By units"],
          ]}
          onChange={(value) => setBy(value === "units" ? "units" : "sales")}
        />
      </div>
      {error && <ErrorState subject="The best sellers" error={error} onRetry={refetch} busy={isFetching} />}
      {!data && !error && <TableSkeleton subject="the best sellers" />}
      {data?.items.length === 0 && <p className="text-muted">Nothing was sold in this period.</p>}
      {data && data.items.length > 0 && (
        <Table
          title="Best sellers"
          rows={data.items}
          id={({ productId }) => productId}
          columns={[
            { title: "Product", cell: ({ productId, name }) => <ProductLink productId={productId} name={name} /> },
            { title: "Units", cell: ({ units }) => units, numeric: true },
            { title: "Sales", cell: ({ sales }) => formatMoney({ amount: sales, currency: data.currency }), numeric: true },
          ]}
        />
      )}
    </Panel>
  );
}

/** What runs out, the fewest units first. */
export function LowStockPanel() {
  const { data, error, refetch, isFetching } = useQuery(lowStockQuery);
  return (
    <Panel title="Low stock">
      {error && <ErrorState subject="The low stock" error={error} onRetry={refetch} busy={isFetching} />}
      {!data && !error && <TableSkeleton subject="the low stock" />}
      {data?.items.length === 0 && <p className="text-muted">There is enough of every product.</p>}
      {data && data.items.length > 0 && (
        <Table
          title="Low stock"
          rows={data.items}
          id={({ productId }) => productId}
          columns={[
            { title: "Product", cell: ({ productId, name }) => <ProductLink productId={productId} name={name} /> },
            { title: "Left", cell: ({ available }) => available, numeric: true },
            { title: "Sold", cell: ({ unitsSold }) => unitsSold, numeric: true },
            { title: "Enough for", cell: ({ available, daysLeft }) => <DaysLeft available={available} days={daysLeft} />, className: "whitespace-nowrap" },
          ]}
        />
      )}
      {data && data.items.length > 0 && (
        <p className="mt-3 text-small text-muted">
          Sold in the last four weeks. {data.nextCursor && "There are more; these are the ones with the fewest units."}
        </p>
      )}
    </Panel>
  );
}

function DaysLeft({ available, days }: { available: number; days: number | null | undefined }) {
  if (available === 0) return <Badge tone="bad">Sold out</Badge>;
  if (days === null || days === undefined) return <span className="text-muted">No sales</span>;
  return <Badge tone={days <= SOON_DAYS ? "waiting" : "neutral"}>{days === 1 ? "1 day" : `${days} days`}</Badge>;
}

function ProductLink({ productId, name }: { productId: string; name: string }) {
  return (
    <Link to={path`/products/${productId}`} className="hover:underline hover:underline-offset-4">
      {name}
    </Link>
  );
}

function TableSkeleton({ subject }: { subject: string }) {
  return (
    <Loading subject={subject} className="space-y-2">
      {Array.from({ length: 5 }, (_, index) => (
        <Skeleton key={index} className="h-6" />
      ))}
    </Loading>
  );
}
