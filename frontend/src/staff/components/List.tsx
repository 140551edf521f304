import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";

import { ErrorState } from "@/components/ErrorState";
import { Loading, Skeleton } from "@/components/Skeleton";
import { useShortcuts } from "@/staff/components/shortcuts";

/** A page of a list as the API answers it. */
export interface ListPage<Row> {
  items: readonly Row[];
  nextCursor?: string | null;
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Width and more, such as `w-32`; columns without a width share what is left. */
  className?: string;
  /** A number or an amount: at the right, under each other. */
  numeric?: boolean;
}

interface ListProps<Row> {
  /** What is listed, such as "Orders". */
  title: string;
  query: UseInfiniteQueryResult<InfiniteData<ListPage<Row>>>;
  /** The first column leads to the row's page. */
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
  /** The address of a row's page in the console. */
  to: (row: Row) => string;
  /** Shown where nothing is listed: an `EmptyState`. */
  empty: ReactNode;
}

/** In pixels: every row is one line. */
const ROW_HEIGHT = 40;
const ROWS_BEYOND = 12;

/** Where the reader was in a list that they come back to. */
const lastRows = new Map<string, string>();

/**
 * A list of any length: only the rows in view are in the document, and the next page is read before the end is reached.
 * `j` and `k` move, Enter opens.
 */
export function List<Row>(props: ListProps<Row>) {
  const { title, query, empty } = props;
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  // A search reads so much at a time: a page may be empty, and what is wanted on a later one.
  const isSearching = rows.length === 0 && query.hasNextPage && !query.isFetchNextPageError;
  const { isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (isSearching && !isFetchingNextPage) void fetchNextPage();
  }, [isSearching, isFetchingNextPage, fetchNextPage]);

  if (query.isPending || isSearching) {
    return (
      <Loading subject={title.toLowerCase()} className="space-y-px overflow-hidden rounded-sheet border border-line">
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} className="h-10 rounded-none" />
        ))}
      </Loading>
    );
  }
  if (query.isError && rows.length === 0) {
    return <ErrorState subject={title} error={query.error} onRetry={query.refetch} busy={query.isFetching} />;
  }
  return rows.length === 0 ? empty : <Rows {...props} rows={rows} />;
}

function Rows<Row>({ title, query, columns, id, to, rows }: ListProps<Row> & { rows: readonly Row[] }) {
  const navigate = useNavigate();
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_BEYOND,
    scrollMargin: top,
    // The title of the page stays in view above the rows.
    scrollPaddingStart: 64,
    scrollPaddingEnd: 16,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;

  useLayoutEffect(() => {
    const offset = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    setTop((previous) => (Math.abs(offset - previous) > 1 ? offset : previous));
  }, [rows.length]);

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (last >= rows.length - ROWS_BEYOND && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  const [current, setCurrent] = useState(() => rows.findIndex((row) => id(row) === lastRows.get(title)));
  const isFocusDue = useRef(false);
  function moveBy(step: number): void {
    const next = current < 0 ? 0 : Math.min(Math.max(current + step, 0), rows.length - 1);
    isFocusDue.current = true;
    setCurrent(next);
    virtualizer.scrollToIndex(next, { align: "auto" });
    focusCurrent(next);
  }
  function focusCurrent(index: number): void {
    const link = body.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
    if (!link || !isFocusDue.current) return;
    isFocusDue.current = false;
    link.focus({ preventScroll: true });
  }
  // A row far away is in the document only after the list has scrolled there.
  useLayoutEffect(() => focusCurrent(current));

  useShortcuts([
    { keys: "j", label: "Next row", run: () => moveBy(1) },
    { keys: "k", label: "Previous row", run: () => moveBy(-1) },
    { keys: "Enter", label: "Open the row", run: () => openCurrent() },
  ]);
  function openCurrent(): void {
    const row = rows[current];
    if (row !== undefined) void navigate(to(row));
  }

  const open = useCallback(
    (event: MouseEvent, row: Row) => {
      const isOnControl = event.target instanceof Element && event.target.closest("a, button, input, label") !== null;
      const isSelecting = window.getSelection()?.type === "Range";
      if (isOnControl || isSelecting) return;
      if (event.ctrlKey || event.metaKey) window.open(`/staff${to(row)}`, "_blank", "noopener");
      else void navigate(to(row));
    },
    [navigate, to],
  );
  const focus = useCallback(
    (index: number, row: Row) => {
      setCurrent(index);
      lastRows.set(title, id(row));
    },
    [title, id],
  );

  return (
    <>
      <div className="rounded-sheet border border-line bg-sheet">
        <table aria-label={title} aria-rowcount={hasNextPage ? -1 : rows.length + 1} className="w-full table-fixed border-collapse">
          <thead>
            <tr className="border-b border-line text-left text-small text-muted">
              {columns.map(({ title: name, className = "", numeric = false }) => (
                <th key={name} scope="col" className={`h-9 px-3 font-medium first:pl-4 last:pr-4 ${numeric ? "text-right" : ""} ${className}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            <Gap height={(items[0]?.start ?? top) - top} />
            {rows.slice(first, last + 1).map((row, offset) => (
              <Line
                key={id(row)}
                row={row}
                index={first + offset}
                isCurrent={first + offset === current}
                columns={columns}
                to={to}
                onOpen={open}
                onFocus={focus}
              />
            ))}
            <Gap height={virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top)} />
          </tbody>
        </table>
      </div>
      <p role="status" className="min-h-10 py-2 text-center text-small text-muted">
        {isFetchingNextPage ? "Loading more…" : hasNextPage ? "" : `${rows.length} in all`}
      </p>
      {isFetchNextPageError && <ErrorState subject={`More of ${title.toLowerCase()}`} error={query.error} onRetry={fetchNextPage} />}
    </>
  );
}

interface LineProps<Row> extends Pick<ListProps<Row>, "columns" | "to"> {
  row: Row;
  index: number;
  isCurrent: boolean;
  onOpen: (event: MouseEvent, row: Row) => void;
  onFocus: (index: number, row: Row) => void;
}

/** A row, which is rendered once while the list is scrolled. A click anywhere on it opens it; by keyboard its link does. */
const Line = memo(function Line<Row>({ row, index, isCurrent, columns, to, onOpen, onFocus }: LineProps<Row>) {
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      onFocusCapture={() => onFocus(index, row)}
      onClick={(event) => onOpen(event, row)}
      style={{ height: ROW_HEIGHT }}
      className={`cursor-pointer border-b border-line last:border-b-0 focus-within:bg-tint hover:bg-sunken ${isCurrent ? "bg-tint" : ""}`}
    >
      {columns.map(({ title, cell, className = "", numeric = false }, column) => (
        <td key={title} className={`truncate px-3 first:pl-4 last:pr-4 ${numeric ? "text-right tabular-nums" : ""} ${className}`}>
          {column === 0 ? (
            <Link to={to(row)} className="font-medium hover:underline hover:underline-offset-4">
              {cell(row)}
            </Link>
          ) : (
            cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}) as <Row>(props: LineProps<Row>) => ReactNode;

/** Keeps the place of the rows that are not in the document. One cell: more would be columns where some are hidden. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true">
      <td style={{ height }} className="p-0" />
    </tr>
  );
}
