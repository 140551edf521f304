import { useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";

import { Button } from "@/components/Button";
import { Page } from "@/components/Page";
import { PageSkeleton } from "@/components/Skeleton";
import { signInPath } from "@/features/auth/returnPath";
import { signOut, useSession } from "@/features/auth/session";

const STAFF_GROUP = "staff";

/** Lets staff in. Others get a plain refusal, which hides nothing: every route of the API checks the group itself. */
export function RequireStaff() {
  const session = useSession();
  const location = useLocation();
  if (session.status === "unknown") return <PageSkeleton />;
  if (session.status === "anonymous") {
    return <Navigate to={session.ended === "signedOut" ? "/sign-in" : signInPath(location)} replace />;
  }
  return session.groups.includes(STAFF_GROUP) ? <Outlet /> : <Refusal email={session.email} />;
}

function Refusal({ email }: { email: string }) {
  const [busy, setBusy] = useState(false);
  async function leave(): Promise<void> {
    setBusy(true);
    await signOut().catch(() => undefined);
  }
  return (
    <Page title="For staff only">
      <main className="mx-auto max-w-md py-16 text-center">
        <h1>This is for the shop’s staff</h1>
        <p className="mt-3 text-muted">
          You are signed in as <strong className="text-ink">{email}</strong>, which is a shopper’s account. Ask whoever runs the shop to add
          it to the staff, then sign in again.
        </p>
        <div className="mt-6 flex flex-wrap items-center justify-center gap-4">
          <Button busy={busy} onClick={() => void leave()}>
            Use another account
          </Button>
          <a href="/" className="link">
            To the shop
          </a>
        </div>
      </main>
    </Page>
  );
}
