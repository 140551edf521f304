import type { Column } from "@/staff/components/List";

interface TableProps<Row> {
  /** What is in it, for screen readers. */
  title: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  id: (row: Row) => string;
}

/** A few rows within a page: lines of an order, movements of stock. A list of any length is a `List`. */
export function Table<Row>({ title, columns, rows, id }: TableProps<Row>) {
  return (
    <div className="-mx-5 overflow-x-auto sm:-mx-6">
      <table aria-label={title} className="w-full border-collapse">
        <thead>
          <tr className="border-b border-line text-left text-small text-muted">
            {columns.map(({ title: name, className = "", numeric = false }) => (
              <th key={name} scope="col" className={`h-8 px-3 font-medium whitespace-nowrap first:pl-6 last:pr-6 ${numeric ? "text-right" : ""} ${className}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} className="border-b border-line last:border-b-0">
              {columns.map(({ title: name, cell, className = "", numeric = false }) => (
                <td key={name} className={`px-3 py-2 align-top first:pl-6 last:pr-6 ${numeric ? "text-right tabular-nums" : ""} ${className}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
