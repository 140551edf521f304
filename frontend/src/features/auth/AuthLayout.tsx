import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";

import { Page } from "@/components/Page";
import { PageSkeleton } from "@/components/Skeleton";
import { returnPath } from "@/features/auth/returnPath";
import { useSession } from "@/features/auth/session";

interface AuthLayoutProps {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
  /** Links to the other authentication pages. */
  footer?: ReactNode;
}

/** The layout of the authentication pages. Redirects signed-in shoppers to the page that they came from. */
export function AuthLayout({ title, intro, children, footer }: AuthLayoutProps) {
  const session = useSession();
  const { search } = useLocation();
  if (session.status === "unknown") return <PageSkeleton />;
  if (session.status === "signedIn") return <Navigate to={returnPath(search)} replace />;
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
