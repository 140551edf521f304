/** The entry point of the staff's console, a document of its own beside the shop: `staff.html`. */
import "@/staff/staff.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";

import { startSession } from "@/features/auth/session";
import { queryClient } from "@/staff/app/queryClient";
import { router } from "@/staff/app/routes";

void startSession();

const root = document.getElementById("root");
if (root === null) throw new Error("staff.html has no #root");
createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
);
