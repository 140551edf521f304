import { useQuery, useQueryClient } from "@tanstack/react-query";

import { Problem } from "@/api/problem";
import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { PageSkeleton } from "@/components/Skeleton";
import { type OrderAccess, returnsQuery } from "@/features/returns/queries";
import { UnitPicker } from "@/features/returns/UnitPicker";
import { type Declaration, WithdrawalSteps } from "@/features/returns/WithdrawalSteps";

interface WithdrawFromKnownOrderProps {
  access: OrderAccess;
  orderNumber: string | undefined;
  /** Names the order in the request. */
  order: Declaration["request"];
  /** Where the shopper came from. */
  back: string;
}

/** The two steps for an order that the page knows, whose lines can be chosen. */
export function WithdrawFromKnownOrder({ access, orderNumber, order, back }: WithdrawFromKnownOrderProps) {
  const client = useQueryClient();
  const query = returnsQuery(access);
  // The first answer stays for the two steps: what is returnable changes with the second.
  const { data, isPending, error, refetch, isFetching } = useQuery({ ...query, staleTime: Infinity });
  if (isPending) return <PageSkeleton />;
  if (!data) {
    if (error instanceof Problem && error.status === 404) {
      return (
        <EmptyState title="This link leads to no order" action={<ButtonLink to="/withdraw">Withdraw with the order number</ButtonLink>}>
          It may be too old. The number of your order is in every e-mail about it.
        </EmptyState>
      );
    }
    return <ErrorState subject="The order" error={error} onRetry={refetch} busy={isFetching} />;
  }
  return (
    <WithdrawalSteps isKnown onReceived={() => void client.invalidateQueries({ queryKey: query.queryKey.slice(0, -1), refetchType: "none" })}>
      {(declare) =>
        data.returnable.length === 0 || !data.reason ? (
          <EmptyState title="There is nothing to withdraw from" action={<ButtonLink to={back}>See the order</ButtonLink>}>
            {data.returnable.length === 0 ? "The order was cancelled, or all of it is on its way back already." : "The time in which we take it back is over."}
          </EmptyState>
        ) : (
          <Panel title="First step: what you withdraw from">
            <UnitPicker lines={data.returnable} orderNumber={orderNumber} order={order} declare={declare} />
          </Panel>
        )
      }
    </WithdrawalSteps>
  );
}
