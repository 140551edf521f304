/** What is on its way, in the size that it will have. Who hears the page is told by the `Loading` around it. */
export function Skeleton({ className = "" }: { className?: string }) {
  return <span aria-hidden="true" className={`block animate-breathe rounded-small bg-sunken ${className}`} />;
}

export function Loading({ what, children, className }: { what: string; children: React.ReactNode; className?: string }) {
  return (
    <div aria-busy="true" className={className}>
      <p role="status" className="sr-only">
        Loading {what}…
      </p>
      {children}
    </div>
  );
}

/** A page of which nothing is known yet. */
export function PageSkeleton() {
  return (
    <Loading what="the page" className="wrap py-10">
      <Skeleton className="mb-8 h-10 w-64 max-w-full" />
      <Skeleton className="mb-3 h-5 w-full max-w-2xl" />
      <Skeleton className="mb-3 h-5 w-full max-w-xl" />
      <Skeleton className="h-64 w-full max-w-2xl" />
    </Loading>
  );
}
