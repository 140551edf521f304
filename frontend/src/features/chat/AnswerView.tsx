import { memo, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { signInPath } from "@/features/auth/returnPath";
import { AnswerText } from "@/features/chat/AnswerText";
import type { Answer, AnswerError, AnswerPart } from "@/features/chat/conversation";
import { toolLabel } from "@/features/chat/copy";
import { ProductCardList } from "@/features/chat/ProductCardList";
import { ProposalView } from "@/features/chat/ProposalView";

interface AnswerViewProps {
  answer: Answer;
  onNavigate: () => void;
  /** Asks the same question again; undefined if there is a newer one. */
  onRetry: (() => void) | undefined;
}

export const AnswerView = memo(function AnswerView({ answer, onNavigate, onRetry }: AnswerViewProps) {
  const { parts, sources, tool, status, error } = answer;
  const isWaiting = status === "streaming" && (tool !== null || parts.at(-1)?.kind !== "text");
  return (
    <div className="space-y-3">
      {parts.map((part, index) => (
        <PartView key={index} part={part} onNavigate={onNavigate} />
      ))}
      {isWaiting && <p className="animate-breathe text-muted">{toolLabel(tool)} …</p>}
      {sources.length > 0 && (
        <div className="text-small text-muted">
          <p id={`${answer.id}-sources`}>From the shop’s own pages:</p>
          <ol aria-labelledby={`${answer.id}-sources`} className="mt-0.5 flex flex-wrap gap-x-4 gap-y-1">
            {sources.map(({ number, title, uri }) => (
              <li key={uri} value={number}>
                [{number}]{" "}
                <Link to={uri} onClick={onNavigate} className="link">
                  {title}
                </Link>
              </li>
            ))}
          </ol>
        </div>
      )}
      {status === "stopped" && <p className="text-small text-muted">You stopped this answer.</p>}
      {status === "interrupted" && !error && <p className="text-small text-muted">This answer was not finished.</p>}
      {error && <AnswerErrorView key={error.retryAt} error={error} onNavigate={onNavigate} onRetry={onRetry} />}
    </div>
  );
});

function PartView({ part, onNavigate }: { part: AnswerPart; onNavigate: () => void }) {
  switch (part.kind) {
    case "text":
      return <AnswerText>{part.text}</AnswerText>;
    case "products":
      return <ProductCardList cards={part.items} onNavigate={onNavigate} />;
    case "proposal":
      return <ProposalView proposal={part.proposal} state={part.state} onNavigate={onNavigate} />;
  }
}

interface AnswerErrorViewProps extends Pick<AnswerViewProps, "onNavigate" | "onRetry"> {
  error: AnswerError;
}

/** Has no live region of its own: the panel announces it with the answer. */
function AnswerErrorView({ error: { code, message, retryAt }, onNavigate, onRetry }: AnswerErrorViewProps) {
  const location = useLocation();
  const seconds = useSecondsUntil(retryAt);
  // No countdown for a daily limit.
  const isFarOff = seconds > 120;
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-control bg-notable-tint px-4 py-3">
      <Icon name="warning" className="mt-0.5 size-5" />
      <p className="min-w-48 flex-1">{message}</p>
      {code === "SIGN_IN" && (
        <Link to={signInPath(location)} onClick={onNavigate} className="link font-semibold">
          Sign in
        </Link>
      )}
      {onRetry && code !== "SIGN_IN" && code !== "VALIDATION" && !isFarOff && (
        <Button variant="link" disabled={seconds > 0} onClick={onRetry}>
          {seconds > 0 ? `Ask again in ${seconds} s` : "Ask again"}
        </Button>
      )}
    </div>
  );
}

function useSecondsUntil(at: number | null): number {
  const [seconds, setSeconds] = useState(() => (at === null ? 0 : getSecondsUntil(at)));
  useEffect(() => {
    if (at === null) return;
    const timer = setInterval(() => {
      const secondsLeft = getSecondsUntil(at);
      setSeconds(secondsLeft);
      if (secondsLeft === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [at]);
  return seconds;
}

function getSecondsUntil(at: number): number {
  return Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
