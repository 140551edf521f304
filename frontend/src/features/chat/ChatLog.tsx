import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { ask } from "@/features/chat/chat";
import { AnswerView } from "@/features/chat/AnswerView";
import { type Conversation, type Entry, lastAnswer } from "@/features/chat/conversation";

const NEAR_PX = 48;

interface ChatLogProps {
  conversation: Conversation;
  onLeave: () => void;
  /** The focus has no place any more. */
  onAsked: () => void;
}

/** What was said. It follows what is added at its end, unless the shopper has gone back to read. */
export function ChatLog({ conversation, onLeave, onAsked }: ChatLogProps) {
  const { entries } = conversation;
  const log = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const asked = entries.filter(({ kind }) => kind === "question").length;
  // In newer browsers scrolling returns a promise, which is no clean-up of an effect.
  const toEnd = () => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  };

  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [entries, isAtEnd]);
  // Who asks wants to see the answer.
  useEffect(toEnd, [asked]);

  const latest = lastAnswer(conversation);
  const again = () => {
    const question = entries.findLast((entry) => entry.kind === "question");
    if (question) ask(question.text);
    onAsked();
  };

  return (
    <div className="relative min-h-0 flex-1">
      {/* It is announced by the panel, an answer at a time. It can be focused so that keys scroll it. */}
      <div
        ref={log}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_PX)
        }
        className="h-full space-y-5 overflow-y-auto overscroll-contain px-4 py-5 -outline-offset-2 sm:px-5"
      >
        {entries.map((entry) => (
          <EntryView key={entry.id} entry={entry} onLeave={onLeave} onAgain={entry === latest && conversation.phase === "idle" ? again : undefined} />
        ))}
        {conversation.queued !== null && <QuestionView text={conversation.queued} />}
      </div>
      {!isAtEnd && (
        <Button look="quiet" onClick={toEnd} className="absolute bottom-3 left-1/2 -translate-x-1/2 bg-sheet shadow-raised">
          <Icon name="down" />
          To the newest
        </Button>
      )}
    </div>
  );
}

function EntryView({ entry, onLeave, onAgain }: { entry: Entry; onLeave: () => void; onAgain: (() => void) | undefined }) {
  switch (entry.kind) {
    case "question":
      return <QuestionView text={entry.text} />;
    case "answer":
      return (
        <div>
          <h3 className="sr-only">Assistant</h3>
          <AnswerView answer={entry} onLeave={onLeave} onAgain={onAgain} />
        </div>
      );
    case "news":
      return (
        <div className="flex items-start gap-3 rounded-control bg-tint px-4 py-3">
          <Icon name="bag" className="mt-0.5 size-5 text-action" />
          <p className="min-w-0 flex-1">
            {entry.text}{" "}
            {entry.orderId !== null && (
              <Link to={`/orders/${entry.orderId}`} onClick={onLeave} className="link font-semibold whitespace-nowrap">
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
