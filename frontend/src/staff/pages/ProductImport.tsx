import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";

import { getErrorMessage } from "@/api/problem";
import { Alert } from "@/components/Alert";
import { Button, ButtonLink } from "@/components/Button";
import { Panel } from "@/components/Panel";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { ImportReportView } from "@/staff/features/products/ImportReportView";
import { importProducts, PRODUCTS_KEY } from "@/staff/features/products/queries";

const FILES = ".csv,.tsv,.txt,.json,.xml";

/** Imports a file in two steps: what would become of it is shown first, row by row. */
export function Component() {
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const attempt = useMutation({
    mutationFn: ({ chosen, dryRun }: { chosen: File; dryRun: boolean }) => importProducts(chosen, dryRun),
    onSuccess: (_report, { dryRun }) => (dryRun ? undefined : client.invalidateQueries({ queryKey: PRODUCTS_KEY })),
  });
  const { data: report, variables, isPending, error } = attempt;
  const isDone = report !== undefined && !variables.dryRun;
  const importable = report ? report.created + report.updated : 0;

  function choose(chosen: File | undefined): void {
    setFile(chosen);
    attempt.reset();
    if (chosen) attempt.mutate({ chosen, dryRun: true });
  }

  return (
    <ConsolePage
      title="Import products"
      back={{ to: "/products", title: "Products" }}
      actions={
        isDone ? (
          <ButtonLink to="/products">To the products</ButtonLink>
        ) : (
          report &&
          file &&
          importable > 0 && (
            <Button busy={isPending} onClick={() => attempt.mutate({ chosen: file, dryRun: false })}>
              Import {importable === 1 ? "1 product" : `${importable} products`}
            </Button>
          )
        )
      }
    >
      <div className="space-y-4">
        <Panel title="File">
          <p className="text-muted">
            A file of products as this shop, Shopify, WooCommerce or Google Merchant writes it (CSV, JSON or XML), of up to 500 products. Nothing is
            imported before you have seen what would become of each row.
          </p>
          <div className="mt-3 flex flex-wrap items-center gap-3">
            <label htmlFor={id} className="font-semibold">
              Products file
            </label>
            <input
              id={id}
              type="file"
              accept={FILES}
              disabled={isPending}
              onChange={({ currentTarget }) => choose(currentTarget.files?.[0])}
              className="file:mr-3 file:min-h-9 file:cursor-pointer file:rounded-control file:border file:border-edge file:bg-sheet file:px-3 file:font-semibold file:text-ink hover:file:bg-sunken"
            />
            {isPending && <span role="status">{variables.dryRun ? "Reading the file…" : "Importing…"}</span>}
          </div>
        </Panel>
        {error && <Alert tone="error">{getErrorMessage(error)}</Alert>}
        {report && <ImportReportView report={report} isDone={isDone} />}
      </div>
    </ConsolePage>
  );
}
