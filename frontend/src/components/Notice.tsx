import type { ReactNode } from "react";

import { Icon, type IconName } from "@/components/Icon";

type Tone = "calm" | "notable" | "wrong";

const TONES: Record<Tone, { look: string; icon: IconName }> = {
  calm: { look: "bg-tint text-ink", icon: "info" },
  notable: { look: "bg-notable-tint text-ink", icon: "warning" },
  wrong: { look: "bg-danger-tint text-ink", icon: "warning" },
};

interface NoticeProps {
  tone?: Tone;
  children: ReactNode;
  action?: ReactNode;
}

/** Something to know, where it concerns the page. It is announced when it appears: at once where something is wrong. */
export function Notice({ tone = "calm", children, action }: NoticeProps) {
  const { look, icon } = TONES[tone];
  return (
    <div role={tone === "wrong" ? "alert" : "status"} className={`flex flex-wrap items-start gap-x-3 gap-y-2 rounded-control px-4 py-3 ${look}`}>
      <Icon name={icon} className="mt-0.5 size-5" />
      <div className="min-w-48 flex-1">{children}</div>
      {action}
    </div>
  );
}
