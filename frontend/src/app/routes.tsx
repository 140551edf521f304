import { createBrowserRouter, type RouteObject } from "react-router";

import * as pages from "@/app/pages";
import { queries } from "@/app/queries";
import { RouteError } from "@/app/shell/RouteError";
import { Shell } from "@/app/shell/Shell";
import { PageSkeleton } from "@/components/Skeleton";
import { RequireSession } from "@/features/auth/RequireSession";
import { homeQuery, productQuery, stockQuery } from "@/features/catalog/queries";
import { listingOf } from "@/features/search/listing";
import { listingQuery } from "@/features/search/queries";

/** Begin to read; what fails is told by the page, which reads the same. */
function begin(reading: Promise<unknown>): void {
  reading.catch(() => undefined);
}

/** A page is loaded when it is gone to; its `loader` begins to read what it shows meanwhile. */
const browsing: RouteObject[] = [
  {
    index: true,
    lazy: pages.home,
    loader: () => {
      begin(queries.query(homeQuery));
      return null;
    },
  },
  {
    path: "c/:category",
    lazy: pages.listing,
    loader: ({ params, request }) => {
      const listing = { ...listingOf(new URL(request.url).searchParams), category: [params.category ?? ""] };
      begin(queries.infiniteQuery(listingQuery(listing)));
      return null;
    },
  },
  { path: "search", lazy: pages.search },
  {
    path: "p/:productId",
    lazy: pages.product,
    loader: ({ params }) => {
      begin(queries.query(productQuery(params.productId ?? "")));
      begin(queries.query(stockQuery(params.productId ?? "")));
      return null;
    },
  },
  { path: "cart", lazy: pages.cart },
  { path: "sign-in", lazy: pages.signIn },
  { path: "sign-up", lazy: pages.signUp },
  { path: "forgotten-password", lazy: pages.forgottenPassword },
  { path: "help/:document?", lazy: pages.help },
  { path: "*", lazy: pages.notFound },
];

/** Pages that want a session. */
const own: RouteObject[] = [
  { path: "checkout", lazy: pages.checkout },
  { path: "orders", lazy: pages.orders },
  { path: "orders/:orderId", lazy: pages.order },
  { path: "orders/:orderId/confirmed", lazy: pages.orderConfirmed },
  { path: "account", lazy: pages.account },
];

export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: PageSkeleton,
    ErrorBoundary: RouteError,
    children: [
      {
        // A fault of one page leaves the shell standing.
        ErrorBoundary: RouteError,
        children: [...browsing, { Component: RequireSession, children: own }],
      },
    ],
  },
]);
