import { useInfiniteQuery } from "@tanstack/react-query";

import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { Badge } from "@/staff/components/Badge";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { FilterSelect, ListToolbar } from "@/staff/components/ListToolbar";
import { Thumbnail } from "@/staff/components/Thumbnail";
import { LEVELS } from "@/staff/features/stock/labels";
import { stockListQuery, type StockRow, type SupplyLevel } from "@/staff/features/stock/queries";

const FILTERS = { level: "LOW" };
const OPTIONS = Object.entries(LEVELS).map(([level, { label }]) => [level, label] as const);
const COLUMNS: readonly Column<StockRow>[] = [
  {
    title: "Product",
    cell: ({ name, imageUrl }) => <Thumbnail name={name} imageUrl={imageUrl} />,
  },
  { title: "Level", cell: ({ level }) => <Badge tone={LEVELS[level].tone}>{LEVELS[level].label}</Badge>, className: "w-40" },
  { title: "Held", cell: ({ onHand, available }) => onHand - available, numeric: true, className: "w-24" },
  { title: "Available", cell: ({ available }) => available, numeric: true, className: "w-28" },
  { title: "On hand", cell: ({ onHand }) => onHand, numeric: true, className: "w-28" },
];

export function Component() {
  const [filters, setFilter] = useFilters(FILTERS);
  const level = (filters.level in LEVELS ? filters.level : "LOW") as SupplyLevel;
  const stock = useInfiniteQuery(stockListQuery(level));
  return (
    <ConsolePage title="Stock">
      <ListToolbar>
        <FilterSelect label="Level" value={level} options={OPTIONS} onChange={(value) => setFilter("level", value)} />
        <p className="text-muted">To find the stock of one product, search it under Products.</p>
      </ListToolbar>
      <List
        title="Stock"
        query={stock}
        columns={COLUMNS}
        id={({ productId }) => productId}
        to={({ productId }) => path`/stock/${productId}`}
        empty={<EmptyState title={level === "ENOUGH" ? "Of no product there is enough" : `Nothing is ${LEVELS[level].label.toLowerCase()}`} />}
      />
    </ConsolePage>
  );
}
