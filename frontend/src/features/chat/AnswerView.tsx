import { memo, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { signInFor } from "@/features/auth/destination";
import { AnswerText } from "@/features/chat/AnswerText";
import { CardList } from "@/features/chat/CardList";
import type { Answer, Part, Trouble } from "@/features/chat/conversation";
import { ProposalView } from "@/features/chat/ProposalView";
import { doing } from "@/features/chat/words";

interface AnswerViewProps {
  answer: Answer;
  onLeave: () => void;
  /** Ask the same again; left out where a newer question was asked. */
  onAgain: (() => void) | undefined;
}

export const AnswerView = memo(function AnswerView({ answer, onLeave, onAgain }: AnswerViewProps) {
  const { parts, sources, tool, ending, trouble } = answer;
  const isWaiting = ending === "coming" && (tool !== null || parts.at(-1)?.kind !== "text");
  return (
    <div className="space-y-3">
      {parts.map((part, index) => (
        <PartView key={index} part={part} onLeave={onLeave} />
      ))}
      {isWaiting && <p className="animate-breathe text-muted">{doing(tool)} …</p>}
      {sources.length > 0 && (
        <div className="text-small text-muted">
          <p id={`${answer.id}-sources`}>From the shop’s own pages:</p>
          <ol aria-labelledby={`${answer.id}-sources`} className="mt-0.5 flex flex-wrap gap-x-4 gap-y-1">
            {sources.map(({ number, title, uri }) => (
              <li key={uri} value={number}>
                [{number}]{" "}
                <Link to={uri} onClick={onLeave} className="link">
                  {title}
                </Link>
              </li>
            ))}
          </ol>
        </div>
      )}
      {ending === "stopped" && <p className="text-small text-muted">You stopped this answer.</p>}
      {ending === "broken" && !trouble && <p className="text-small text-muted">This answer was not finished.</p>}
      {trouble && <TroubleView key={trouble.retryAt} trouble={trouble} onLeave={onLeave} onAgain={onAgain} />}
    </div>
  );
});

function PartView({ part, onLeave }: { part: Part; onLeave: () => void }) {
  switch (part.kind) {
    case "text":
      return <AnswerText>{part.text}</AnswerText>;
    case "products":
      return <CardList cards={part.items} onLeave={onLeave} />;
    case "proposal":
      return <ProposalView proposal={part.proposal} standing={part.standing} onLeave={onLeave} />;
  }
}

interface TroubleViewProps extends Pick<AnswerViewProps, "onLeave" | "onAgain"> {
  trouble: Trouble;
}

/** It is announced with the answer. */
function TroubleView({ trouble: { code, message, retryAt }, onLeave, onAgain }: TroubleViewProps) {
  const location = useLocation();
  const seconds = useSecondsUntil(retryAt);
  // A day's limit is no countdown.
  const isFar = seconds > 120;
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-control bg-notable-tint px-4 py-3">
      <Icon name="warning" className="mt-0.5 size-5" />
      <p className="min-w-48 flex-1">{message}</p>
      {code === "SIGN_IN" && (
        <Link to={signInFor(location)} onClick={onLeave} className="link font-semibold">
          Sign in
        </Link>
      )}
      {onAgain && code !== "SIGN_IN" && code !== "VALIDATION" && !isFar && (
        <Button look="plain" disabled={seconds > 0} onClick={onAgain}>
          {seconds > 0 ? `Ask again in ${seconds} s` : "Ask again"}
        </Button>
      )}
    </div>
  );
}

function useSecondsUntil(at: number | null): number {
  const left = () => (at === null ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1000)));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    if (at === null) return;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((at - Date.now()) / 1000));
      setSeconds(rest);
      if (rest === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [at]);
  return seconds;
}
