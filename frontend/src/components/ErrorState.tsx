import { sentenceOf } from "@/api/problem";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";

interface ErrorStateProps {
  /** What could not be shown, such as "The products". */
  what: string;
  error: unknown;
  retry: () => unknown;
  busy?: boolean;
}

/** A part of a page that could not be had, with a way to try again. */
export function ErrorState({ what, error, retry, busy = false }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 rounded-sheet border border-line bg-sheet px-6 py-12 text-center">
      <Icon name="warning" className="size-7 text-danger" />
      <p className="font-serif text-h3">{what} could not be loaded.</p>
      <p className="max-w-md text-muted">{sentenceOf(error)}</p>
      <Button look="quiet" busy={busy} onClick={() => void retry()}>
        Try again
      </Button>
    </div>
  );
}
