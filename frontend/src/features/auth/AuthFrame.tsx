import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";

import { Page } from "@/components/Page";
import { PageSkeleton } from "@/components/Skeleton";
import { destinationOf } from "@/features/auth/destination";
import { useSession } from "@/features/auth/session";

interface AuthFrameProps {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
  /** The ways to the other pages of this kind. */
  footer?: ReactNode;
}

/** A page on the way to being signed in. Who is, goes on to where they were going. */
export function AuthFrame({ title, intro, children, footer }: AuthFrameProps) {
  const session = useSession();
  const { search } = useLocation();
  if (session.status === "unknown") return <PageSkeleton />;
  if (session.status === "signedIn") return <Navigate to={destinationOf(search)} replace />;
  return (
    <Page title={title}>
      <div className="mx-auto max-w-md">
        <h1>{title}</h1>
        {intro && <div className="mt-3 text-muted">{intro}</div>}
        <div className="mt-6 rounded-sheet border border-line bg-sheet p-5 sm:p-6">{children}</div>
        {footer && <div className="mt-6 space-y-2">{footer}</div>}
      </div>
    </Page>
  );
}
