import { createBrowserRouter, type RouteObject } from "react-router";

import { RouteError } from "@/app/shell/RouteError";
import { Shell } from "@/app/shell/Shell";
import { RequireSession } from "@/features/auth/RequireSession";
import { PageSkeleton } from "@/components/Skeleton";

/** Every page is a chunk of its own, loaded when it is gone to. */
const browsing: RouteObject[] = [
  { index: true, lazy: () => import("@/pages/Home") },
  { path: "*", lazy: () => import("@/pages/NotFound") },
];

/** Pages that want a session. */
const own: RouteObject[] = [];

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
