import { Link, useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { signInFor } from "@/features/auth/destination";
import { useSession } from "@/features/auth/session";

/** A session that has ended by itself is told once, where the shopper is; nothing of the page is lost. */
export function SessionNotice() {
  const session = useSession();
  const location = useLocation();
  const ended = session.status === "anonymous" && session.ended === "expired";
  return (
    <div role="status">
      {ended && !location.pathname.startsWith("/sign-in") && (
        <p className="bg-notable-tint">
          <span className="wrap flex flex-wrap items-center gap-x-2.5 py-2.5">
            <Icon name="info" />
            Your session has ended.
            <Link to={signInFor(location)} className="link font-semibold">
              Sign in again
            </Link>
          </span>
        </p>
      )}
    </div>
  );
}
