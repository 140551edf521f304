import type { FunnelReport, SalesReport } from "@/api/types";
import { formatMoney } from "@/components/money";

const NUMBER = new Intl.NumberFormat("en-US");

interface TilesProps {
  sales: SalesReport;
  /** The funnel of the same period, once it is there. */
  funnel: FunnelReport | undefined;
}

/** The figures of a period that one looks at first. */
export function Tiles({ sales, funnel }: TilesProps) {
  const { total, currency } = sales;
  const format = (amount: number) => formatMoney({ amount, currency });
  const average = total.orders > 0 ? format(Math.round(total.total / total.orders)) : "–";
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Tile name="Net sales" value={format(total.net)} remark={`${format(total.total)} sold${total.tax > 0 ? `, tax ${format(total.tax)}` : ""}`} />
      <Tile name="Refunded" value={format(total.refunded)} remark={count(total.refunds, "refund")} />
      <Tile name="Orders" value={NUMBER.format(total.orders)} remark={`${NUMBER.format(total.cancelledOrders)} cancelled`} />
      <Tile name="Units" value={NUMBER.format(total.units)} remark={`${NUMBER.format(total.cancelledUnits)} cancelled`} />
      <Tile name="An order" value={average} remark="on average, with shipping" />
      <Tile name="Carts paid" value={funnel ? percent(funnel.total.paid, funnel.total.carts) : "…"} remark={funnel ? count(funnel.total.carts, "cart") : ""} />
    </dl>
  );
}

function Tile({ name, value, remark }: { name: string; value: string; remark: string }) {
  return (
    <div className="rounded-sheet border border-line bg-sheet px-4 py-3">
      <dt className="text-small text-muted">{name}</dt>
      <dd>
        <span className="block text-h1 font-semibold tabular-nums">{value}</span>
        <span className="block min-h-5 text-small text-muted tabular-nums">{remark}</span>
      </dd>
    </div>
  );
}

function count(number: number, what: string): string {
  return `${NUMBER.format(number)} ${what}${number === 1 ? "" : "s"}`;
}

/** Returns a share, such as "12%"; a dash where there is nothing to share. */
export function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)}%` : "–";
}
