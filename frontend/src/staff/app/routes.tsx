import { createBrowserRouter, Navigate, type RouteObject } from "react-router";

import { PageSkeleton } from "@/components/Skeleton";
import { NotFound } from "@/staff/app/NotFound";
import { RequireStaff } from "@/staff/app/RequireStaff";
import { RouteError } from "@/staff/app/RouteError";
import { Shell } from "@/staff/app/Shell";
import { PAGES } from "@/staff/pages";

const pages: RouteObject[] = PAGES.flatMap(({ path, load, below = [] }) => [
  { path, lazy: load },
  ...below.map((page) => ({ path: `${path}/${page.path}`, lazy: page.load })),
]);

export const router = createBrowserRouter(
  [
    {
      HydrateFallback: PageSkeleton,
      ErrorBoundary: RouteError,
      children: [
        { path: "sign-in", lazy: () => import("@/staff/pages/SignIn") },
        {
          Component: RequireStaff,
          children: [
            {
              Component: Shell,
              children: [
                {
                  // An error of one page does not replace the shell.
                  ErrorBoundary: RouteError,
                  children: [
                    { index: true, element: <Navigate to={`/${PAGES[0]?.path ?? ""}`} replace /> },
                    ...pages,
                    { path: "*", Component: NotFound },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  { basename: "/staff" },
);
