import { type ReactNode, useEffect } from "react";

import { announce } from "@/components/announcer";

export const SHOP = "e-com67";

const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
const ofTheShop = meta?.content ?? "";

interface PageProps {
  /** In the browser's tab, and announced when the page is there. */
  title: string;
  /** For who finds the page elsewhere; without it the shop's own, which is in `index.html`. */
  description?: string;
  children: ReactNode;
  className?: string;
}

/** What every page is: its title, and its content in the shop's width. */
export function Page({ title, description = ofTheShop, children, className = "wrap pt-6 pb-16 md:pt-10" }: PageProps) {
  useEffect(() => {
    document.title = title === SHOP ? SHOP : `${title} · ${SHOP}`;
    announce(title);
  }, [title]);
  useEffect(() => meta?.setAttribute("content", description), [description]);
  return <div className={className}>{children}</div>;
}

