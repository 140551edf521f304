import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Columns, ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { FilterSelect } from "@/staff/components/ListToolbar";
import { Funnel } from "@/staff/features/reports/Funnel";
import { getBars, PERIODS } from "@/staff/features/reports/periods";
import { BestSellers, LowStockPanel } from "@/staff/features/reports/Products";
import { funnelQuery, salesQuery } from "@/staff/features/reports/queries";
import { SalesChart } from "@/staff/features/reports/SalesChart";
import { Tiles } from "@/staff/features/reports/Tiles";

const FILTERS = { days: "30" };

export function Component() {
  const [filters, setFilter] = useFilters(FILTERS);
  const days = Number(PERIODS.some(([period]) => period === filters.days) ? filters.days : FILTERS.days);
  const sales = useQuery(salesQuery(days));
  const funnel = useQuery(funnelQuery(days));
  const bars = useMemo(() => getBars(sales.data?.days ?? []), [sales.data]);
  return (
    <ConsolePage
      title="Dashboard"
      actions={<FilterSelect label="Period" value={String(days)} options={PERIODS} onChange={(value) => setFilter("days", value)} />}
    >
      <div className="space-y-4">
        {sales.data && <Tiles sales={sales.data} funnel={funnel.data} />}
        {sales.isPending && (
          <Loading subject="the figures" className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
            {Array.from({ length: 6 }, (_, index) => (
              <Skeleton key={index} className="h-22" />
            ))}
          </Loading>
        )}
        <Columns
          main={
            <>
              <Panel title="Sales">
                {sales.error && <ErrorState subject="The sales" error={sales.error} onRetry={sales.refetch} busy={sales.isFetching} />}
                {sales.isPending && <Skeleton className="h-64" />}
                {sales.data && sales.data.total.orders + sales.data.total.refunds === 0 && (
                  <p className="py-16 text-center text-muted">Nothing was sold in this period.</p>
                )}
                {sales.data && sales.data.total.orders + sales.data.total.refunds > 0 && <SalesChart bars={bars} currency={sales.data.currency} />}
              </Panel>
              <BestSellers days={days} />
            </>
          }
          side={
            <>
              <Panel title="From the cart to the order">
                {funnel.error && <ErrorState subject="The funnel" error={funnel.error} onRetry={funnel.refetch} busy={funnel.isFetching} />}
                {funnel.isPending && <Skeleton className="h-40" />}
                {funnel.data && <Funnel report={funnel.data} />}
              </Panel>
              <LowStockPanel />
            </>
          }
        />
      </div>
    </ConsolePage>
  );
}
