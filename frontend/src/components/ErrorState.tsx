import { getErrorMessage } from "@/api/problem";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";

interface ErrorStateProps {
  /** What could not be loaded, such as "The products". */
  subject: string;
  error: unknown;
  onRetry: () => unknown;
  busy?: boolean;
}

/** Replaces a part of a page that could not be loaded, with a button to retry. */
export function ErrorState({ subject, error, onRetry, busy = false }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 rounded-sheet border border-line bg-sheet px-6 py-12 text-center">
      <Icon name="warning" className="size-7 text-danger" />
      <p className="font-serif text-h3">{subject} could not be loaded.</p>
      <p className="max-w-md text-muted">{getErrorMessage(error)}</p>
      <Button variant="secondary" busy={busy} onClick={() => void onRetry()}>
        Try again
      </Button>
    </div>
  );
}
