import { useLayoutEffect, useRef } from "react";

import { Button } from "@/components/Button";
import { Spinner } from "@/components/Spinner";
import type { Progress } from "@/features/checkout/pursuit";

const SENTENCES: Record<Progress, { title: string; text: string }> = {
  placing: { title: "Placing your order…", text: "This takes a few seconds." },
  patience: {
    title: "Still placing your order…",
    text: "It takes longer than usual. We keep asking, and you are charged once at the most. You may close this page and come back later.",
  },
  offline: { title: "You are offline", text: "We go on as soon as you are back. You are charged once at the most." },
  bank: { title: "Your bank asks you", text: "Approve the payment in the window of your bank." },
  confirming: { title: "Finishing your order…", text: "Your bank has answered. This takes a few seconds." },
  bankAgain: { title: "Your bank has no answer yet", text: "Nothing is charged until you approve the payment at your bank." },
};

interface PlacingProgressProps {
  progress: Progress;
  answerBank: (again: boolean) => void;
}

/** Where the order stands while it is being placed. It has the focus as long as the form cannot be used. */
export function PlacingProgress({ progress, answerBank }: PlacingProgressProps) {
  const element = useRef<HTMLDivElement>(null);
  const { title, text } = SENTENCES[progress];

  useLayoutEffect(() => element.current?.focus(), []);

  return (
    <div ref={element} tabIndex={-1} role="status" className="rounded-sheet border border-line bg-tint p-5 text-ink">
      <p className="flex items-center gap-3 text-lead font-semibold">
        {progress !== "bankAgain" && <Spinner />}
        {title}
      </p>
      <p className="mt-1">{text}</p>
      {progress === "bankAgain" && (
        <div className="mt-4 flex flex-wrap gap-3">
          <Button onClick={() => answerBank(true)}>Ask my bank again</Button>
          <Button look="quiet" onClick={() => answerBank(false)}>
            Pay in another way
          </Button>
        </div>
      )}
    </div>
  );
}
