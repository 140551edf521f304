import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";

import { Footer } from "@/app/shell/Footer";
import { Header } from "@/app/shell/Header";
import { OfflineBanner } from "@/app/shell/OfflineBanner";
import { SessionExpiredBanner } from "@/app/shell/SessionExpiredBanner";
import { useAnnouncement } from "@/components/announcer";
import { Toasts } from "@/components/Toasts";
import { useSession } from "@/features/auth/session";
import { useCartMerge } from "@/features/cart/useCartMerge";

/** The layout of every page. */
export function Shell() {
  useCartMerge();
  useOrderNotifications();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only rounded-control bg-action font-semibold text-on-action focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-40 focus:px-4 focus:py-2"
      >
        Skip to content
      </a>
      <Header />
      <OfflineBanner />
      <SessionExpiredBanner />
      <Main />
      <Footer />
      <Toasts />
      <ScrollRestoration />
    </div>
  );
}

/** Follows the orders of the signed-in shopper. Without a connection, pages show what was fetched last. */
function useOrderNotifications(): void {
  const client = useQueryClient();
  const isSignedIn = useSession().status === "signedIn";
  useEffect(() => {
    if (!isSignedIn) return;
    const controller = new AbortController();
    import("@/features/orders/orderNotifications").then(({ watchOrders }) => watchOrders(client, controller.signal)).catch(() => undefined);
    return () => controller.abort();
  }, [isSignedIn, client]);
}

function Main() {
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const main = useRef<HTMLElement>(null);
  const previousPathname = useRef(pathname);

  // Focus moves to the start of a new page. For the first page the browser does that.
  useLayoutEffect(() => {
    if (previousPathname.current === pathname) return;
    previousPathname.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <>
      <p aria-live="polite" className="sr-only">
        {useAnnouncement()}
      </p>
      <NavigationProgress visible={navigation.state === "loading"} />
      <main ref={main} id="main" tabIndex={-1} className="flex-1">
        <Outlet />
      </main>
    </>
  );
}

function NavigationProgress({ visible }: { visible: boolean }) {
  if (!visible) return null;
  return <div aria-hidden="true" className="fixed inset-x-0 top-0 z-30 h-0.5 animate-breathe bg-action" />;
}
