import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { path } from "@/components/path";
import { AnswerView } from "@/features/chat/AnswerView";
import { ask } from "@/features/chat/chat";
import { type Conversation, type ConversationEntry, getLastAnswer } from "@/features/chat/conversation";
import { EarlierConversation } from "@/features/chat/EarlierConversation";

const END_TOLERANCE_PX = 48;

interface ChatLogProps {
  conversation: Conversation;
  onNavigate: () => void;
  /** The focused retry button disappears: the focus has to move. */
  onAsk: () => void;
}

/** The messages of the conversation. Scrolls to new ones, unless the shopper has scrolled up. */
export function ChatLog({ conversation, onNavigate, onAsk }: ChatLogProps) {
  const { entries } = conversation;
  const log = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const questionCount = entries.filter(({ kind }) => kind === "question").length;
  // In newer browsers `scrollTo` returns a promise, which an effect must not return.
  const scrollToEnd = () => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  };

  useLayoutEffect(() => {
    if (isAtEnd) scrollToEnd();
  }, [entries, isAtEnd]);
  // A new question always scrolls to the end.
  useEffect(scrollToEnd, [questionCount]);

  const latest = getLastAnswer(conversation);
  const retry = () => {
    const question = entries.findLast((entry) => entry.kind === "question");
    if (question) ask(question.text);
    onAsk();
  };

  return (
    <div className="relative min-h-0 flex-1">
      {/* The panel announces whole answers instead. Focusable, so that the keyboard can scroll it. */}
      <div
        ref={log}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < END_TOLERANCE_PX)
        }
        className="h-full space-y-5 overflow-y-auto overscroll-contain px-4 py-5 -outline-offset-2 sm:px-5"
      >
        <EarlierConversation conversation={conversation} />
        {entries.map((entry) => (
          <EntryView key={entry.id} entry={entry} onNavigate={onNavigate} onRetry={entry === latest && conversation.phase === "idle" ? retry : undefined} />
        ))}
        {conversation.queued !== null && <QuestionView text={conversation.queued} />}
      </div>
      {!isAtEnd && (
        <Button variant="secondary" onClick={scrollToEnd} className="absolute bottom-3 left-1/2 -translate-x-1/2 bg-sheet shadow-raised">
          <Icon name="down" />
          To the newest
        </Button>
      )}
    </div>
  );
}

interface EntryViewProps {
  entry: ConversationEntry;
  onNavigate: () => void;
  onRetry: (() => void) | undefined;
}

function EntryView({ entry, onNavigate, onRetry }: EntryViewProps) {
  switch (entry.kind) {
    case "question":
      return <QuestionView text={entry.text} />;
    case "answer":
      return (
        <div>
          <h3 className="sr-only">Assistant</h3>
          <AnswerView answer={entry} onNavigate={onNavigate} onRetry={onRetry} />
        </div>
      );
    case "notification":
      return (
        <div className="flex items-start gap-3 rounded-control bg-tint px-4 py-3">
          <Icon name="bag" className="mt-0.5 size-5 text-action" />
          <p className="min-w-0 flex-1">
            {entry.text}{" "}
            {entry.orderId !== null && (
              <Link to={path`/orders/${entry.orderId}`} onClick={onNavigate} className="link font-semibold whitespace-nowrap">
                See the order
              </Link>
            )}
          </p>
        </div>
      );
  }
}

function QuestionView({ text }: { text: string }) {
  return (
    <div className="flex justify-end">
      <h3 className="sr-only">You</h3>
      <p className="max-w-[85%] rounded-sheet bg-sunken px-4 py-2.5 whitespace-pre-wrap">{text}</p>
    </div>
  );
}
