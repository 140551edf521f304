import type { ReactNode } from "react";
import { Link } from "react-router";

import { Page } from "@/components/Page";
import { StaffIcon } from "@/staff/components/StaffIcon";

interface ConsolePageProps {
  title: string;
  /** The list that this page belongs to, for a page about one thing. */
  back?: { to: string; title: string };
  /** Beside the title: a status, a number. */
  aside?: ReactNode;
  /** What can be done here; the most usual last. */
  actions?: ReactNode;
  children: ReactNode;
}

/** Wraps every page of the console: its title, which stays in view, and its actions. */
export function ConsolePage({ title, back, aside, actions, children }: ConsolePageProps) {
  return (
    <Page title={title} className="pb-16">
      <header className="sticky top-0 z-10 flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-page px-6 py-2.5 print:static print:px-0">
        {back && (
          <Link
            to={back.to}
            aria-label={`Back to ${back.title}`}
            title={back.title}
            className="on-screen -ml-2 rounded-small p-1.5 text-muted hover:bg-sunken hover:text-ink"
          >
            <StaffIcon name="back" />
          </Link>
        )}
        <h1 className="min-w-0">{title}</h1>
        {aside && <div className="on-screen flex flex-wrap items-center gap-2">{aside}</div>}
        {actions && <div className="on-screen ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="px-6 pt-4 print:px-0">{children}</div>
    </Page>
  );
}

/** The parts of a page about one thing: beside each other where there is room. */
export function Columns({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_24rem] print:block">
      <div className="min-w-0 space-y-4">{main}</div>
      <div className="min-w-0 space-y-4">{side}</div>
    </div>
  );
}
