import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { getErrorMessage } from "@/api/problem";
import type { Return, ReturnsOfOrder } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button, ButtonLink } from "@/components/Button";
import { formatDate, formatDateTime } from "@/components/dates";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { fetchSlip, type OrderAccess, returnsQuery } from "@/features/returns/queries";
import { RETURN_STATUS_LABELS } from "@/features/returns/returnStatus";

interface ReturnsPanelProps {
  access: OrderAccess;
}

/** The returns of an order, and where its shopper withdraws. Nothing where there is neither, or they cannot be loaded. */
export function ReturnsPanel({ access }: ReturnsPanelProps) {
  const { data } = useQuery({ ...returnsQuery(access), staleTime: 0 });
  if (!data || (data.returns.length === 0 && !canWithdraw(data))) return null;
  return (
    <Panel title="Withdrawing and returning">
      <ul className="space-y-4">
        {data.returns.map((returned) => (
          <li key={returned.returnId}>
            <ReturnEntry access={access} returned={returned} />
          </li>
        ))}
      </ul>
      {canWithdraw(data) && (
        <div className={data.returns.length > 0 ? "mt-5 border-t border-line pt-5" : ""}>
          <p className="mb-4 text-muted">{deadline(data)}</p>
          <ButtonLink variant="secondary" to={"token" in access ? path`/o/${access.token}/withdraw` : path`/orders/${access.orderId}/withdraw`}>
            Withdraw from the contract here
          </ButtonLink>
        </div>
      )}
    </Panel>
  );
}

function canWithdraw({ returnable, reason }: ReturnsOfOrder): boolean {
  return returnable.length > 0 && reason !== undefined && reason !== null;
}

function deadline({ reason, withdrawalUntil, returnUntil }: ReturnsOfOrder): string {
  if (reason === "WITHDRAWN") {
    if (!withdrawalUntil) return "You can withdraw at any time until 14 days after everything has arrived, without giving a reason.";
    return `You can withdraw until ${lastDay(withdrawalUntil)}, without giving a reason.`;
  }
  return returnUntil ? `You can return it until ${lastDay(returnUntil)}.` : "";
}

/** A period ends with its last day, at midnight: the moment belongs to the next. */
function lastDay(until: string): string {
  return formatDate(new Date(Date.parse(until) - 1).toISOString());
}

function ReturnEntry({ access, returned }: { access: OrderAccess; returned: Return }) {
  const { returnNumber, status, lines, requestedAt, receivedAt, refund } = returned;
  return (
    <div>
      <p className="font-semibold">
        {RETURN_STATUS_LABELS[status]} <span className="font-normal text-muted">· return {returnNumber}</span>
      </p>
      <p className="text-small text-muted">
        Announced {formatDateTime(requestedAt)}
        {receivedAt && `, arrived ${formatDateTime(receivedAt)}`}
      </p>
      <ul className="mt-1">
        {lines.map(({ productId, name, quantity }) => (
          <li key={productId}>
            {quantity} × {name}
          </li>
        ))}
      </ul>
      {refund && (
        <p className="mt-1">
          Refund <Price price={refund} />
        </p>
      )}
      {status === "REQUESTED" && <SlipButton access={access} returnId={returned.returnId} number={returnNumber} />}
    </div>
  );
}

/** Downloads the return slip, a PDF for the parcel. */
export function SlipButton({ access, returnId, number }: { access: OrderAccess; returnId: string; number: string }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function download(): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      const url = URL.createObjectURL(await fetchSlip(access, returnId));
      const link = document.createElement("a");
      link.href = url;
      link.download = `return-${number}.pdf`;
      link.click();
      URL.revokeObjectURL(url);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="mt-3 space-y-3">
      <Button variant="secondary" busy={busy} onClick={() => void download()}>
        Return slip (PDF)
      </Button>
      {error !== undefined && <Alert tone="error">{getErrorMessage(error)}</Alert>}
    </div>
  );
}
