import { Button } from "@/components/Button";
import { Loading, Skeleton } from "@/components/Skeleton";
import { requestHistory } from "@/features/chat/chat";
import type { Conversation } from "@/features/chat/conversation";

/** In the place of what was said before this page was loaded, until it is there. */
export function EarlierConversation({ conversation: { history, isHistoryLoaded } }: { conversation: Conversation }) {
  if (isHistoryLoaded) return null;
  if (history === "loading") {
    return (
      <Loading subject="what was said">
        <Skeleton className="mb-4 ml-auto h-11 w-2/3" />
        <Skeleton className="h-24" />
      </Loading>
    );
  }
  return (
    <p>
      What was said before could not be loaded.{" "}
      <Button variant="link" onClick={requestHistory}>
        Try again
      </Button>
    </p>
  );
}
