import type { ReactNode } from "react";

export type BadgeTone = "neutral" | "good" | "waiting" | "bad";

const DOTS: Record<BadgeTone, string> = {
  neutral: "bg-edge",
  good: "bg-action",
  waiting: "bg-notable",
  bad: "bg-danger",
};

/** A status: the text says it, the colour repeats it. */
export function Badge({ tone = "neutral", children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 rounded-full border border-line bg-sheet px-2 text-small leading-6 font-medium whitespace-nowrap">
      <span aria-hidden="true" className={`size-2 rounded-full ${DOTS[tone]}`} />
      {children}
    </span>
  );
}
