import type { ButtonHTMLAttributes } from "react";
import { Link, type LinkProps } from "react-router";

import { Spinner } from "@/components/Spinner";

export type Look = "primary" | "quiet" | "plain";

const LOOKS: Record<Look, string> = {
  primary: "bg-action text-on-action hover:bg-action-strong disabled:bg-sunken disabled:text-muted",
  quiet: "border border-edge text-ink hover:border-ink hover:bg-sunken disabled:border-line disabled:text-muted",
  plain: "text-ink underline decoration-edge underline-offset-4 hover:decoration-ink disabled:text-muted",
};

function classesOf(look: Look, wide: boolean, more: string): string {
  const size = look === "plain" ? "min-h-6" : "min-h-11 px-5 py-2";
  const width = wide ? "w-full" : "";
  return `inline-flex items-center justify-center gap-2 rounded-control text-center font-semibold transition-colors disabled:cursor-default ${size} ${width} ${LOOKS[look]} ${more}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  wide?: boolean;
  /** The work that it began is not done: it stays focused, says so, and takes no second click. */
  busy?: boolean;
}

export function Button({ look = "primary", wide = false, busy = false, className = "", ...rest }: ButtonProps) {
  const { children, onClick, type = "button", ...attributes } = rest;
  return (
    <button
      {...attributes}
      type={busy ? "button" : type}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classesOf(look, wide, className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends LinkProps {
  look?: Look;
  wide?: boolean;
}

/** A link that looks like a button: it leads somewhere, and does nothing. */
export function ButtonLink({ look = "primary", wide = false, className = "", ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={classesOf(look, wide, className)} />;
}
