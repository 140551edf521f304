import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";

import { Problem } from "@/api/problem";
import { Button, ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Loading, Skeleton } from "@/components/Skeleton";
import { Badge } from "@/staff/components/Badge";
import { Columns, ConsolePage } from "@/staff/components/ConsolePage";
import { Facts } from "@/staff/components/Facts";
import { useShortcuts } from "@/staff/components/shortcuts";
import { productQuery } from "@/staff/features/products/queries";
import { LEVELS } from "@/staff/features/stock/labels";
import { MovementTable } from "@/staff/features/stock/MovementTable";
import { type CountedStock, stockQuery } from "@/staff/features/stock/queries";
import { AdjustDialog, CountDialog } from "@/staff/features/stock/StockDialogs";

const BACK = { to: "/stock", title: "Stock" };

export function Component() {
  const { productId = "" } = useParams();
  const { data, error, isPending, isFetching, refetch } = useQuery(stockQuery(productId));
  if (data) return <Stock stock={data} />;
  return (
    <ConsolePage title="Stock" back={BACK}>
      {isPending ? (
        <Loading subject="the stock">
          <Skeleton className="h-56" />
        </Loading>
      ) : error instanceof Problem && error.status === 404 ? (
        <EmptyState title="There is no stock of such a product" action={<ButtonLink to="/stock">All stock</ButtonLink>} />
      ) : (
        <ErrorState subject="The stock" error={error} onRetry={refetch} busy={isFetching} />
      )}
    </ConsolePage>
  );
}

function Stock({ stock }: { stock: CountedStock }) {
  const { productId, onHand, available, level } = stock;
  const [dialog, setDialog] = useState<"adjust" | "count">();
  const { data: found } = useQuery(productQuery(productId));
  const close = () => setDialog(undefined);
  useShortcuts([
    { keys: "a", label: "Adjust stock", run: () => setDialog("adjust") },
    { keys: "c", label: "Enter a count", run: () => setDialog("count") },
  ]);
  return (
    <ConsolePage
      title={found?.product.name ?? productId}
      back={BACK}
      aside={<Badge tone={LEVELS[level].tone}>{LEVELS[level].label}</Badge>}
      actions={
        <>
          <Button variant="secondary" onClick={() => setDialog("count")}>
            Count
          </Button>
          <Button onClick={() => setDialog("adjust")}>Adjust</Button>
        </>
      }
    >
      <Columns
        main={<MovementTable productId={productId} />}
        side={
          <Panel title="Units">
            <Facts
              facts={[
                ["Available", <strong key="available" className="text-h2 tabular-nums">{available}</strong>],
                ["Held for orders", <span key="held" className="tabular-nums">{onHand - available}</span>],
                ["On hand", <span key="hand" className="tabular-nums">{onHand}</span>],
                ["Product", <Link key="product" to={path`/products/${productId}`} className="link">Edit it</Link>],
              ]}
            />
          </Panel>
        }
      />
      <AdjustDialog stock={stock} open={dialog === "adjust"} onClose={close} />
      <CountDialog stock={stock} open={dialog === "count"} onClose={close} />
    </ConsolePage>
  );
}
