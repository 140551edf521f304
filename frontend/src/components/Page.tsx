import { type ReactNode, useEffect } from "react";

import { announce } from "@/components/announcer";

export const SHOP_NAME = "e-com67";

const meta = document.querySelector<HTMLMetaElement>('meta[name="description"]');
const defaultDescription = meta?.content ?? "";

interface PageProps {
  /** Shown in the browser's tab and announced to screen readers. */
  title: string;
  /** Meta description; by default the shop's own from `index.html`. */
  description?: string;
  children: ReactNode;
  className?: string;
}

/** Wraps every page: sets title and description, and limits the width. */
export function Page({ title, description = defaultDescription, children, className = "wrap pt-6 pb-16 md:pt-10" }: PageProps) {
  useEffect(() => {
    document.title = title === SHOP_NAME ? SHOP_NAME : `${title} · ${SHOP_NAME}`;
    announce(title);
  }, [title]);
  useEffect(() => meta?.setAttribute("content", description), [description]);
  return <div className={className}>{children}</div>;
}
