import { createBrowserRouter, type RouteObject } from "react-router";

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

/** Every page is a chunk of its own, loaded when it is gone to; its `loader` begins to read what it shows meanwhile. */
const browsing: RouteObject[] = [
  {
    index: true,
    lazy: () => import("@/pages/Home"),
    loader: () => {
      begin(queries.query(homeQuery));
      return null;
    },
  },
  {
    path: "c/:category",
    lazy: () => import("@/pages/Listing"),
    loader: ({ params, request }) => {
      const listing = { ...listingOf(new URL(request.url).searchParams), category: [params.category ?? ""] };
      begin(queries.infiniteQuery(listingQuery(listing)));
      return null;
    },
  },
  { path: "search", lazy: () => import("@/pages/Search") },
  {
    path: "p/:productId",
    lazy: () => import("@/pages/Product"),
    loader: ({ params }) => {
      begin(queries.query(productQuery(params.productId ?? "")));
      begin(queries.query(stockQuery(params.productId ?? "")));
      return null;
    },
  },
  { path: "cart", lazy: () => import("@/pages/Cart") },
  { path: "sign-in", lazy: () => import("@/pages/SignIn") },
  { path: "sign-up", lazy: () => import("@/pages/SignUp") },
  { path: "forgotten-password", lazy: () => import("@/pages/ForgottenPassword") },
  { path: "help/:document?", lazy: () => import("@/pages/Help") },
  { path: "*", lazy: () => import("@/pages/NotFound") },
];

/** Pages that want a session. */
const own: RouteObject[] = [
  { path: "checkout", lazy: () => import("@/pages/Checkout") },
  { path: "orders", lazy: () => import("@/pages/Orders") },
  { path: "orders/:orderId", lazy: () => import("@/pages/Order") },
  { path: "orders/:orderId/confirmed", lazy: () => import("@/pages/OrderConfirmed") },
  { path: "account", lazy: () => import("@/pages/Account") },
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
