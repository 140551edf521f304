import type { ButtonHTMLAttributes, MouseEvent } from "react";
import { Link, type LinkProps } from "react-router";

import { Spinner } from "@/components/Spinner";

type ButtonVariant = "primary" | "secondary" | "link";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-action text-on-action hover:bg-action-strong disabled:bg-sunken disabled:text-muted",
  secondary: "border border-edge text-ink hover:border-ink hover:bg-sunken disabled:border-line disabled:text-muted",
  link: "text-ink underline decoration-edge underline-offset-4 hover:decoration-ink disabled:text-muted",
};

function buttonClasses(variant: ButtonVariant, fullWidth: boolean, className: string): string {
  const size = variant === "link" ? "min-h-6" : "min-h-11 px-5 py-2";
  const width = fullWidth ? "w-full" : "";
  return `inline-flex items-center justify-center gap-2 rounded-control text-center font-semibold transition-colors disabled:cursor-default ${size} ${width} ${VARIANTS[variant]} ${className}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  fullWidth?: boolean;
  /** The action is running: the button keeps the focus, shows a spinner and ignores clicks. A double click is one click. */
  busy?: boolean;
}

export function Button({ variant = "primary", fullWidth = false, busy = false, className = "", ...rest }: ButtonProps) {
  const { children, onClick, type = "button", ...attributes } = rest;

  function click(event: MouseEvent<HTMLButtonElement>): void {
    // The second click of a double click, which may be here before the button is busy.
    if (event.detail > 1) event.preventDefault();
    else onClick?.(event);
  }

  return (
    <button
      {...attributes}
      type={busy ? "button" : type}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : click}
      className={buttonClasses(variant, fullWidth, className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends LinkProps {
  variant?: ButtonVariant;
}

/** A link that looks like a button. */
export function ButtonLink({ variant = "primary", className = "", ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClasses(variant, false, className)} />;
}
