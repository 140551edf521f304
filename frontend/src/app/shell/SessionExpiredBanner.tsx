import { Link, useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { signInPath } from "@/features/auth/returnPath";
import { useSession } from "@/features/auth/session";

/** Shown above the page after the session has expired. The page stays as it is. */
export function SessionExpiredBanner() {
  const session = useSession();
  const location = useLocation();
  const isExpired = session.status === "anonymous" && session.ended === "expired";
  return (
    <div role="status">
      {isExpired && !location.pathname.startsWith("/sign-in") && (
        <p className="bg-notable-tint">
          <span className="wrap flex flex-wrap items-center gap-x-2.5 py-2.5">
            <Icon name="info" />
            Your session has ended.
            <Link to={signInPath(location)} className="link font-semibold">
              Sign in again
            </Link>
          </span>
        </p>
      )}
    </div>
  );
}
