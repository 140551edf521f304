import { useInfiniteQuery, useMutation } from "@tanstack/react-query";

import { getErrorMessage } from "@/api/problem";
import type { ReportFile } from "@/api/types";
import { Alert } from "@/components/Alert";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Panel } from "@/components/Panel";
import { Loading, Skeleton } from "@/components/Skeleton";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { StaffIcon } from "@/staff/components/StaffIcon";
import { Table } from "@/staff/components/Table";
import { formatDay } from "@/staff/features/reports/periods";
import { fetchReportLink, reportFilesQuery } from "@/staff/features/reports/queries";

export function Component() {
  const files = useInfiniteQuery(reportFilesQuery);
  const download = useMutation({
    mutationFn: fetchReportLink,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const days = groupByDay(files.data?.pages.flatMap(({ items }) => items) ?? []);
  return (
    <ConsolePage title="Reports">
      <div className="max-w-4xl">
        {download.error && (
          <div className="mb-4">
            <Alert tone="error">{getErrorMessage(download.error)}</Alert>
          </div>
        )}
        {files.isPending && (
          <Loading subject="the reports" className="space-y-2">
            {Array.from({ length: 8 }, (_, index) => (
              <Skeleton key={index} className="h-10" />
            ))}
          </Loading>
        )}
        {files.error && days.length === 0 && <ErrorState subject="The reports" error={files.error} onRetry={files.refetch} busy={files.isFetching} />}
        {files.data && days.length === 0 && (
          <EmptyState title="No reports yet">The report of a day is written in the night after it, from the first day on which something happened.</EmptyState>
        )}
        {days.length > 0 && (
          <Panel title="Reports by day">
            <p className="mb-4 text-muted">
              Written in the night after each day, and again where something about it became known later. Amounts are in cents.
            </p>
            <Table
              title="Reports by day"
              rows={days}
              id={([day]) => day}
              columns={[
                { title: "Day", cell: ([day]) => formatDay(day) },
                {
                  title: "Files",
                  cell: ([day, names]) => (
                    <span className="flex flex-wrap gap-x-4 gap-y-1">
                      {names.map((name) => (
                        <Button
                          key={name}
                          variant="link"
                          busy={download.isPending && download.variables === name}
                          onClick={() => !download.isPending && download.mutate(name)}
                          aria-label={`${getFileTitle(name)}, of ${formatDay(day)}`}
                          className="font-normal"
                        >
                          <StaffIcon name="download" className="size-4" />
                          {getFileTitle(name)}
                        </Button>
                      ))}
                    </span>
                  ),
                },
              ]}
            />
            {files.hasNextPage && (
              <div className="mt-4">
                <Button variant="secondary" busy={files.isFetchingNextPage} onClick={() => void files.fetchNextPage()}>
                  Show earlier days
                </Button>
              </div>
            )}
          </Panel>
        )}
      </div>
    </ConsolePage>
  );
}

function groupByDay(files: readonly ReportFile[]): [day: string, names: string[]][] {
  const days = new Map<string, string[]>();
  for (const { day, name } of files) days.set(day, [...(days.get(day) ?? []), name]);
  return [...days];
}

/** Returns "Sales, CSV" for "sales-2026-11-30.csv". */
function getFileTitle(name: string): string {
  const subject = name.startsWith("products-") ? "Products" : "Sales";
  return `${subject}, ${name.slice(name.lastIndexOf(".") + 1).toUpperCase()}`;
}
