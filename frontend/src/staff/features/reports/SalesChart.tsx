import "./chart.css";

import { BarChart, Svg } from "chartist";
import { type PointerEvent, useEffect, useRef, useState } from "react";

import { formatMoney } from "@/components/money";
import { Table } from "@/staff/components/Table";
import type { Bar } from "@/staff/features/reports/periods";

const HEIGHT = 240;
const AXIS_WIDTH = 56;
/** Pixels that a label under the bars needs. */
const LABEL_WIDTH = 64;
/** The share of its column that a bar has. */
const BAR_SHARE = 0.66;
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

// Chartist writes style attributes, which the page's policy (no inline styles) refuses; by the style object they may be set.
const setAttributes = Object.getOwnPropertyDescriptor(Svg.prototype, "attr")?.value as (this: Svg, attributes: unknown, namespace?: string) => unknown;
Svg.prototype.attr = function (this: Svg, attributes: unknown, namespace?: string) {
  if (typeof attributes !== "object" || attributes === null || !("style" in attributes)) return setAttributes.call(this, attributes, namespace);
  const { style, ...others } = attributes;
  const node = this.getNode<SVGElement>();
  if (typeof style === "string") node.style.cssText = style;
  return setAttributes.call(this, others, namespace);
} as typeof Svg.prototype.attr;

interface SalesChartProps {
  bars: readonly Bar[];
  currency: string;
}

/** Draws what stayed and what was refunded of the sales, a bar a day, week or month. The table below has the same figures. */
export function SalesChart({ bars, currency }: SalesChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const draw = () => {
      const width = (element.clientWidth - AXIS_WIDTH) / bars.length;
      element.style.setProperty("--bar-width", `${Math.max(1, width * BAR_SHARE)}px`);
      return Math.max(1, Math.ceil(LABEL_WIDTH / width));
    };
    let every = draw();
    // What was refunded stands on top of what stayed; where more went back than came in, below the line.
    const series = [bars.map(({ total, refunded }) => Math.max(0, total - refunded)), bars.map(({ total, refunded }) => Math.min(total, refunded))];
    const chart = new BarChart(
      element,
      { labels: bars.map(({ label }) => label), series },
      {
        height: HEIGHT,
        stackBars: true,
        chartPadding: { top: 12, right: 0, bottom: 0, left: 0 },
        axisX: { showGrid: false, offset: 24, labelOffset: { x: 0, y: 8 }, labelInterpolationFnc: (label, index) => (index % every === 0 ? label : null) },
        axisY: { offset: AXIS_WIDTH, labelOffset: { x: -8, y: 5 }, onlyInteger: true, scaleMinSpace: 40, labelInterpolationFnc: (cents) => COMPACT.format(Number(cents) / 100) },
      },
    );
    const observer = new ResizeObserver(() => {
      every = draw();
      chart.update();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.detach();
      element.replaceChildren();
    };
  }, [bars]);

  const point = ({ clientX, currentTarget }: PointerEvent<HTMLDivElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const index = Math.floor(((clientX - left - AXIS_WIDTH) / (width - AXIS_WIDTH)) * bars.length);
    setPointed(index >= 0 && index < bars.length ? index : null);
  };
  const shown = pointed === null ? undefined : bars[pointed];
  const format = (amount: number) => formatMoney({ amount, currency });

  return (
    <figure>
      <p aria-hidden="true" className="flex min-h-6 flex-wrap gap-x-4 text-small text-muted">
        {shown ? (
          <>
            <span className="font-medium text-ink">{shown.title}</span>
            <span>{format(shown.total)} sold</span>
            {shown.refunded > 0 && <span>{format(shown.refunded)} refunded</span>}
            <span>{shown.orders === 1 ? "1 order" : `${shown.orders.toLocaleString("en-US")} orders`}</span>
          </>
        ) : (
          <>
            <Legend className="bg-action">Sold, less what was refunded then</Legend>
            <Legend className="bg-notable">Refunded</Legend>
          </>
        )}
      </p>
      <div
        ref={container}
        role="img"
        aria-label={`Sales in ${currency}, in ${bars.length} bars. The table that follows has the figures.`}
        className="sales-chart"
        style={{ height: HEIGHT }}
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
      />
      <details className="mt-3">
        <summary className="w-fit text-small text-muted hover:text-ink">Figures</summary>
        <div className="mt-2 px-5 sm:px-6">
          <Table
            title="Sales"
            rows={bars}
            id={({ title }) => title}
            columns={[
              { title: "When", cell: ({ title }) => title },
              { title: "Orders", cell: ({ orders }) => orders.toLocaleString("en-US"), numeric: true },
              { title: "Sold", cell: ({ total }) => format(total), numeric: true },
              { title: "Refunded", cell: ({ refunded }) => format(refunded), numeric: true },
              { title: "Net", cell: ({ net }) => format(net), numeric: true },
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

function Legend({ className, children }: { className: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className={`size-2.5 rounded-small ${className}`} />
      {children}
    </span>
  );
}
