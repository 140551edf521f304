import type { ReactNode } from "react";
import { Link } from "react-router";

import { Alert } from "@/components/Alert";
import { Panel } from "@/components/Panel";
import { path } from "@/components/path";
import { Badge, type BadgeTone } from "@/staff/components/Badge";
import type { Column } from "@/staff/components/List";
import { Table } from "@/staff/components/Table";
import type { ImportReport } from "@/staff/features/products/types";

interface Row {
  key: string;
  row: number;
  productId: string | null | undefined;
  tone: BadgeTone;
  outcome: string;
  notes: readonly string[];
}

const OUTCOMES = { CREATED: "New", UPDATED: "Replaced", UNCHANGED: "As it is" };

/** What became, or would become, of each row of a file: what is wrong first. */
export function ImportReportView({ report, isDone }: { report: ImportReport; isDone: boolean }) {
  const { created, updated, unchanged, rejected, readAs, leftOutColumns } = report;
  const counts = [
    `${created} new`,
    `${updated} replaced`,
    `${unchanged} as they are`,
    ...(rejected.length > 0 ? [`${rejected.length} refused`] : []),
  ].join(", ");
  const columns: readonly Column<Row>[] = [
    { title: "Row", cell: ({ row }) => row, numeric: true, className: "w-16" },
    {
      title: "Product",
      cell: ({ productId, outcome }) =>
        productId && isDone && outcome !== "Refused" ? (
          <Link to={path`/products/${productId}`} className="link">
            {productId}
          </Link>
        ) : (
          (productId ?? "")
        ),
      className: "w-72",
    },
    { title: "Outcome", cell: ({ tone, outcome }) => <Badge tone={tone}>{outcome}</Badge>, className: "w-32" },
    { title: "Notes", cell: ({ notes }) => <Lines lines={notes} /> },
  ];
  return (
    <>
      <Alert tone={rejected.length > 0 ? "warning" : "info"}>
        <strong>{isDone ? "Imported" : "Not imported yet"}:</strong> {counts}.{readAs.length > 0 && <span className="text-muted"> Read as {readAs.join(", ")}.</span>}
      </Alert>
      {leftOutColumns.length > 0 && (
        <Alert>
          <p className="font-semibold">Columns that are left out</p>
          <Lines lines={leftOutColumns.map(({ column, reason }) => `${column}: ${reason}`)} />
        </Alert>
      )}
      <Panel title="Rows">
        <Table title="Rows" columns={columns} rows={rowsOf(report)} id={({ key }) => key} />
      </Panel>
    </>
  );
}

function rowsOf({ rejected, imported, notes, leftOutRows }: ImportReport): Row[] {
  const refusedRows = rejected.map(({ row, productId, errors }): Row => ({ key: `refused ${row}`, row, productId, tone: "bad", outcome: "Refused", notes: errors }));
  const leftOut = leftOutRows.map(({ row, reason }): Row => ({ key: `left out ${row}`, row, productId: null, tone: "waiting", outcome: "Left out", notes: [reason] }));
  const taken = imported.map(
    ({ row, productId, outcome }): Row => ({
      key: `${row} ${productId}`,
      row,
      productId,
      tone: outcome === "UNCHANGED" ? "neutral" : "good",
      outcome: OUTCOMES[outcome],
      notes: notes.filter((note) => note.row === row && note.productId === productId).map(({ note }) => note),
    }),
  );
  return [...refusedRows, ...leftOut, ...taken];
}

function Lines({ lines }: { lines: readonly string[] }): ReactNode {
  return lines.map((line) => <p key={line}>{line}</p>);
}
