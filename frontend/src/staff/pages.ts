/**
 * The pages of the console, in the order of the navigation. A page is there once it has a line here; each is a chunk of
 * its own. See "The console: adding a page" in `frontend/README.md`.
 */
import type { ComponentType } from "react";

import type { StaffIconName } from "@/staff/components/StaffIcon";

interface PageModule {
  Component: ComponentType;
}

export interface StaffPage {
  /** Below `/staff/`. The first page of the list is the one that `/staff` opens. */
  path: string;
  title: string;
  icon: StaffIconName;
  /** Opens the page after `g`. */
  key: string;
  load: () => Promise<PageModule>;
  /** What is below it and not in the navigation, such as `:orderId`. */
  below?: readonly { path: string; load: () => Promise<PageModule> }[];
}

export const PAGES: readonly StaffPage[] = [
  { path: "dashboard", title: "Dashboard", icon: "gauge", key: "d", load: () => import("@/staff/pages/Dashboard") },
  {
    path: "orders",
    title: "Orders",
    icon: "receipt",
    key: "o",
    load: () => import("@/staff/pages/Orders"),
    below: [{ path: ":orderId", load: () => import("@/staff/pages/StaffOrder") }],
  },
  {
    path: "returns",
    title: "Returns",
    icon: "returned",
    key: "r",
    load: () => import("@/staff/pages/Returns"),
    below: [{ path: ":returnId", load: () => import("@/staff/pages/Return") }],
  },
  {
    path: "products",
    title: "Products",
    icon: "tag",
    key: "p",
    load: () => import("@/staff/pages/Products"),
    below: [
      { path: "new", load: () => import("@/staff/pages/NewProduct") },
      { path: "import", load: () => import("@/staff/pages/ProductImport") },
      { path: ":productId", load: () => import("@/staff/pages/Product") },
    ],
  },
  {
    path: "stock",
    title: "Stock",
    icon: "boxes",
    key: "s",
    load: () => import("@/staff/pages/Stock"),
    below: [{ path: ":productId", load: () => import("@/staff/pages/ProductStock") }],
  },
  {
    path: "events",
    title: "Events",
    icon: "branches",
    key: "e",
    load: () => import("@/staff/pages/Events"),
    below: [{ path: ":subject", load: () => import("@/staff/pages/EventTrace") }],
  },
  {
    path: "customers",
    title: "Customers",
    icon: "people",
    key: "c",
    load: () => import("@/staff/pages/Customers"),
    below: [{ path: ":userId", load: () => import("@/staff/pages/Customer") }],
  },
  { path: "reports", title: "Reports", icon: "file", key: "f", load: () => import("@/staff/pages/Reports") },
];
