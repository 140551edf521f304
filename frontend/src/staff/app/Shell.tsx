import { useLayoutEffect, useRef, useState } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigate, useNavigation } from "react-router";

import { useAnnouncement } from "@/components/announcer";
import { Toasts } from "@/components/Toasts";
import { KeysDialog } from "@/staff/app/KeysDialog";
import { Navigation } from "@/staff/app/Navigation";
import { useShortcuts } from "@/staff/components/shortcuts";
import { PAGES } from "@/staff/pages";

/** The layout of every page: the navigation beside it, a rail of icons where the window is narrow. */
export function Shell() {
  const navigate = useNavigate();
  const [areKeysShown, setKeysShown] = useState(false);
  useShortcuts([
    { keys: "[Shift]+?", label: "Show all keys", run: () => setKeysShown(true) },
    ...PAGES.map(({ path, title, key }) => ({ keys: `g ${key}`, label: `Go to ${title}`, run: () => void navigate(`/${path}`) })),
  ]);
  return (
    <div className="grid min-h-dvh grid-cols-[3.5rem_minmax(0,1fr)] lg:grid-cols-[13.5rem_minmax(0,1fr)] print:block">
      <a
        href="#main"
        className="sr-only rounded-control bg-action font-semibold text-on-action focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-40 focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <Navigation onShowKeys={() => setKeysShown(true)} />
      <Main />
      <KeysDialog open={areKeysShown} onClose={() => setKeysShown(false)} />
      <Toasts />
      <ScrollRestoration />
    </div>
  );
}

function Main() {
  const { pathname } = useLocation();
  const isLoading = useNavigation().state === "loading";
  const main = useRef<HTMLElement>(null);
  const previousPathname = useRef(pathname);

  // Focus moves to the start of a new page. For the first page the browser does that.
  useLayoutEffect(() => {
    if (previousPathname.current === pathname) return;
    previousPathname.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <div className="min-w-0">
      <p aria-live="polite" className="sr-only">
        {useAnnouncement()}
      </p>
      {isLoading && <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-0.5 animate-breathe bg-action" />}
      <main ref={main} id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
