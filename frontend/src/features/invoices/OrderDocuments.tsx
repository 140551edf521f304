import { useMutation, useQuery } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import type { OrderDocument } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { Panel } from "@/components/Panel";
import { Price } from "@/components/Price";
import { documentsQuery, fetchDocumentUrl } from "@/features/invoices/queries";

const NAMES: Record<OrderDocument["kind"], string> = { INVOICE: "Invoice", CREDIT_NOTE: "Credit note" };

interface OrderDocumentsProps {
  orderId: string;
  /** Whether a parcel has left: before that there is no invoice. */
  hasShipped: boolean;
}

/** The invoice and the credit notes of an order, to download; nothing where there are none. */
export function OrderDocuments({ orderId, hasShipped }: OrderDocumentsProps) {
  const { data: documents = [] } = useQuery({ ...documentsQuery(orderId), enabled: hasShipped });
  const { mutate, isPending, variables, error } = useMutation({
    mutationFn: (number: string) => fetchDocumentUrl(orderId, number),
    onSuccess: (url) => window.location.assign(url),
  });
  if (documents.length === 0) return null;
  return (
    <Panel title={documents.length === 1 ? "Invoice" : "Invoice and credit notes"}>
      <ul className="space-y-4">
        {documents.map(({ number, kind, issuedAt, total }) => (
          <li key={number} className="flex items-center justify-between gap-3">
            <div className="min-w-0">
              <p className="font-semibold">
                {NAMES[kind]} {number}
              </p>
              <p className="text-small text-muted">
                {formatDate(issuedAt)} · {kind === "CREDIT_NOTE" && "given back "}
                <Price price={total} />
              </p>
            </div>
            <Button variant="secondary" className="shrink-0" busy={isPending && variables === number} onClick={() => mutate(number)} aria-label={`Download PDF of ${NAMES[kind].toLowerCase()} ${number}`}>
              Download PDF
            </Button>
          </li>
        ))}
      </ul>
      {error && (
        <div className="mt-4">
          <Alert tone="error">{getErrorMessage(error)}</Alert>
        </div>
      )}
    </Panel>
  );
}
