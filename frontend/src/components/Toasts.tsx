import { Link } from "react-router";

import { Icon } from "@/components/Icon";
import { dismissToast, useToasts } from "@/components/toast";

export function Toasts() {
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-[var(--bottom-bar,0px)] z-30 flex flex-col items-center gap-2 p-4 sm:items-end sm:p-6"
    >
      {useToasts().map(({ id, text, tone, action }) => (
        <div
          key={id}
          className="pointer-events-auto flex w-full max-w-sm items-start gap-3 rounded-sheet border border-line bg-sheet px-4 py-3 shadow-raised"
        >
          <Icon
            name={tone === "error" ? "warning" : "check"}
            className={`mt-0.5 size-5 ${tone === "error" ? "text-danger" : "text-action"}`}
          />
          <p className="flex-1">
            {text}{" "}
            {action && (
              <Link to={action.to} className="link font-semibold whitespace-nowrap" onClick={() => dismissToast(id)}>
                {action.label}
              </Link>
            )}
          </p>
          <button type="button" aria-label="Close" onClick={() => dismissToast(id)} className="-m-1.5 rounded-small p-1.5 text-muted hover:text-ink">
            <Icon name="close" className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
