import { Navigate, Outlet, useLocation } from "react-router";

import { PageSkeleton } from "@/components/Skeleton";
import { signInPath } from "@/features/auth/returnPath";
import { useSession } from "@/features/auth/session";

/** Protects its child routes: visitors sign in first and return. */
export function RequireSession() {
  const session = useSession();
  const location = useLocation();
  if (session.status === "unknown") return <PageSkeleton />;
  if (session.status === "signedIn") return <Outlet />;
  // After a sign-out on this page it leads home; otherwise the shopper was on the way to this page.
  return <Navigate to={session.ended === "signedOut" ? "/" : signInPath(location)} replace />;
}
