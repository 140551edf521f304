import { Navigate, Outlet, useLocation } from "react-router";

import { PageSkeleton } from "@/components/Skeleton";
import { signInFor } from "@/features/auth/destination";
import { useSession } from "@/features/auth/session";

/** Routes below it are for shoppers who are signed in; others sign in first and come back. */
export function RequireSession() {
  const session = useSession();
  const location = useLocation();
  if (session.status === "unknown") return <PageSkeleton />;
  if (session.status === "signedIn") return <Outlet />;
  // Who has just signed out here leaves; everybody else was on the way to this page.
  return <Navigate to={session.ended === "signedOut" ? "/" : signInFor(location)} replace />;
}
