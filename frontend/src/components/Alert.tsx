import type { ReactNode } from "react";

import { Icon, type IconName } from "@/components/Icon";

type AlertTone = "info" | "warning" | "error";

const TONES: Record<AlertTone, { className: string; icon: IconName }> = {
  info: { className: "bg-tint text-ink", icon: "info" },
  warning: { className: "bg-notable-tint text-ink", icon: "warning" },
  error: { className: "bg-danger-tint text-ink", icon: "warning" },
};

interface AlertProps {
  tone?: AlertTone;
  children: ReactNode;
}

/** A message within the page. Screen readers announce it when it appears, and errors at once. */
export function Alert({ tone = "info", children }: AlertProps) {
  const { className, icon } = TONES[tone];
  return (
    <div role={tone === "error" ? "alert" : "status"} className={`flex flex-wrap items-start gap-x-3 gap-y-2 rounded-control px-4 py-3 ${className}`}>
      <Icon name={icon} className="mt-0.5 size-5" />
      <div className="min-w-48 flex-1">{children}</div>
    </div>
  );
}
