import { formatDateTime } from "@/components/dates";
import { Panel } from "@/components/Panel";
import { StaffName } from "@/staff/features/people/StaffName";
import { nameFields } from "@/staff/features/products/productForm";
import type { HistoryLine } from "@/staff/features/products/types";

export function ProductHistory({ history }: { history: readonly HistoryLine[] }) {
  if (history.length === 0) return null;
  return (
    <Panel title="History">
      <ol className="space-y-2.5">
        {history.map((line) => (
          <li key={line.at}>
            <p>
              <StaffName userId={line.by} /> {whatWasDone(line)}
            </p>
            <p className="text-small text-muted">
              <time dateTime={line.at}>{formatDateTime(line.at)}</time>
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function whatWasDone({ what, fields }: HistoryLine): string {
  if (what === "CREATED") return "created it";
  if (what === "DELETED") return "deleted it";
  return `changed ${nameFields(fields)}`;
}
