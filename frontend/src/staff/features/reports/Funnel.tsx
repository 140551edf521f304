import type { FunnelReport } from "@/api/types";
import { percent } from "@/staff/features/reports/Tiles";

/** The reasons of CheckoutFailed in words. */
const REASONS: Record<string, string> = {
  DECLINED: "The card was declined",
  OUT_OF_STOCK: "Sold out meanwhile",
  PRICE_CHANGED: "A price had changed",
  UNAVAILABLE: "A product was no longer on sale",
  EMPTY_CART: "The cart was empty",
  FAULT: "A fault of the shop, or given up",
};

/** Draws how many carts became checkouts and orders, each beside the stage before it. */
export function Funnel({ report }: { report: FunnelReport }) {
  const { carts, checkouts, paid } = report.total;
  const most = Math.max(carts, checkouts, paid, 1);
  const stages = [
    { name: "Carts", value: carts, remark: "" },
    { name: "Checkouts", value: checkouts, remark: `${percent(checkouts, carts)} of the carts` },
    { name: "Paid", value: paid, remark: `${percent(paid, checkouts)} of the checkouts` },
  ];
  return (
    <>
      <dl className="space-y-3">
        {stages.map(({ name, value, remark }) => (
          <div key={name} className="grid grid-cols-[auto_auto_minmax(0,1fr)] items-baseline gap-x-2">
            <dt>{name}</dt>
            <dd className="font-semibold tabular-nums">{value.toLocaleString("en-US")}</dd>
            <dd className="text-right text-small text-muted">{remark}</dd>
            <dd aria-hidden="true" className="col-span-3 mt-1 h-2 overflow-hidden rounded-full bg-sunken">
              <div className="h-full rounded-full bg-action" style={{ width: `${(value / most) * 100}%` }} />
            </dd>
          </div>
        ))}
      </dl>
      {report.failed.length > 0 && (
        <>
          <h3 className="mt-5 mb-2">Checkouts without an order</h3>
          <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
            {report.failed.map(({ reason, count }) => (
              <div key={reason} className="contents">
                <dt className="text-muted">{REASONS[reason] ?? reason}</dt>
                <dd className="text-right tabular-nums">{count}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p className="mt-4 text-small text-muted">A cart counts with its first product, once its shopper has signed in.</p>
    </>
  );
}
