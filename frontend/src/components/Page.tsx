import { type ReactNode, useEffect } from "react";

import { announce } from "@/components/announcer";

export const SHOP = "e-com67";
const DESCRIPTION = "Well-made things for kitchen, desk, garden and bath.";

interface PageProps {
  /** In the browser's tab, and announced when the page is there. */
  title: string;
  description?: string;
  children: ReactNode;
  className?: string;
}

/** What every page is: its title, and its content in the shop's width. */
export function Page({ title, description = DESCRIPTION, children, className = "wrap pt-6 pb-16 md:pt-10" }: PageProps) {
  useEffect(() => announce(title), [title]);
  return (
    <div className={className}>
      <title>{title === SHOP ? SHOP : `${title} · ${SHOP}`}</title>
      <meta name="description" content={description} />
      {children}
    </div>
  );
}

