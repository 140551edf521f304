import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import { Footer } from "@/app/shell/Footer";
import { Header } from "@/app/shell/Header";
import { OfflineNotice } from "@/app/shell/OfflineNotice";
import { SessionNotice } from "@/app/shell/SessionNotice";
import { useAnnouncement } from "@/components/announcer";
import { Toasts } from "@/components/Toasts";
import { useSession } from "@/features/auth/session";
import { useMergedCart } from "@/features/cart/merging";

/** What stands around every page. */
export function Shell() {
  useMergedCart();
  useNewsOfOrders();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only rounded-control bg-action font-semibold text-on-action focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-40 focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <Header />
      <OfflineNotice />
      <SessionNotice />
      <Main />
      <Footer />
      <Toasts />
      <ScrollRestoration />
    </div>
  );
}

/** Hear of the orders of who is signed in. Where the news cannot be had, pages are as true as their last reading. */
function useNewsOfOrders(): void {
  const client = useQueryClient();
  const isSignedIn = useSession().status === "signedIn";
  useEffect(() => {
    if (!isSignedIn) return;
    const over = new AbortController();
    import("@/features/orders/news").then(({ hearOfOrders }) => hearOfOrders(client, over.signal)).catch(() => undefined);
    return () => over.abort();
  }, [isSignedIn, client]);
}

function Main() {
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const main = useRef<HTMLElement>(null);
  const left = useRef(pathname);

  // A new page begins at its beginning, also for the keyboard; the first one is the browser's own business.
  useLayoutEffect(() => {
    if (left.current === pathname) return;
    left.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <p aria-live="polite" className="sr-only">
        {useAnnouncement()}
      </p>
      <Progress shown={navigation.state === "loading"} />
      <main ref={main} id="main" tabIndex={-1} className="flex-1">
        <Outlet />
      </main>
    </>
  );
}

function Progress({ shown }: { shown: boolean }) {
  if (!shown) return null;
  return <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-0.5 animate-breathe bg-action" />;
}
