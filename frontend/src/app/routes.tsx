import { createBrowserRouter, type RouteObject } from "react-router";

import * as pages from "@/app/pages";
import { queryClient } from "@/app/queryClient";
import { RouteError } from "@/app/shell/RouteError";
import { Shell } from "@/app/shell/Shell";
import { PageSkeleton } from "@/components/Skeleton";
import { RequireSession } from "@/features/auth/RequireSession";
import { homeQuery, productQuery, stockQuery } from "@/features/catalog/queries";
import { listingQuery } from "@/features/search/queries";
import { parseCriteria } from "@/features/search/searchCriteria";

/** Starts a query early. The page runs the same query and shows its error. */
function prefetch(query: Promise<unknown>): void {
  query.catch(() => undefined);
}

/** The chunk of a page is loaded on navigation; its `loader` starts the queries at the same time. */
const publicRoutes: RouteObject[] = [
  {
    index: true,
    lazy: pages.home,
    loader: () => {
      prefetch(queryClient.query(homeQuery));
      return null;
    },
  },
  {
    path: "c/:category",
    lazy: pages.listing,
    loader: ({ params, request }) => {
      const listing = { ...parseCriteria(new URL(request.url).searchParams), category: [params.category ?? ""] };
      prefetch(queryClient.infiniteQuery(listingQuery(listing)));
      return null;
    },
  },
  { path: "search", lazy: pages.search },
  {
    path: "p/:productId",
    lazy: pages.product,
    loader: ({ params }) => {
      prefetch(queryClient.query(productQuery(params.productId ?? "")));
      prefetch(queryClient.query(stockQuery(params.productId ?? "")));
      return null;
    },
  },
  { path: "cart", lazy: pages.cart },
  { path: "sign-in", lazy: pages.signIn },
  { path: "sign-up", lazy: pages.signUp },
  { path: "forgotten-password", lazy: pages.forgottenPassword },
  { path: "help/:document?", lazy: pages.help },
  { path: "o/:token", lazy: pages.linkedOrder },
  { path: "o/:token/withdraw", lazy: pages.withdrawLinked },
  { path: "withdraw", lazy: pages.withdraw },
  { path: "unsubscribe/:token", lazy: pages.unsubscribe },
  { path: "*", lazy: pages.notFound },
];

/** Pages that require a session. */
const protectedRoutes: RouteObject[] = [
  { path: "checkout", lazy: pages.checkout },
  { path: "orders", lazy: pages.orders },
  { path: "orders/:orderId", lazy: pages.order },
  { path: "orders/:orderId/confirmed", lazy: pages.orderConfirmed },
  { path: "orders/:orderId/withdraw", lazy: pages.withdrawOrder },
  { path: "account", lazy: pages.account },
];

export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: PageSkeleton,
    ErrorBoundary: RouteError,
    children: [
      {
        // An error of one page does not replace the shell.
        ErrorBoundary: RouteError,
        children: [...publicRoutes, { Component: RequireSession, children: protectedRoutes }],
      },
    ],
  },
]);
