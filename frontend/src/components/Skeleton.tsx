/** A placeholder in the size of the content. Screen readers get the label of the surrounding `Loading`. */
export function Skeleton({ className = "" }: { className?: string }) {
  return <span aria-hidden="true" className={`block animate-breathe rounded-small bg-sunken ${className}`} />;
}

export function Loading({ subject, children, className }: { subject: string; children: React.ReactNode; className?: string }) {
  return (
    <div aria-busy="true" className={className}>
      <p role="status" className="sr-only">
        Loading {subject}…
      </p>
      {children}
    </div>
  );
}

/** The placeholder of a whole page. */
export function PageSkeleton() {
  return (
    <Loading subject="the page" className="wrap py-10">
      <Skeleton className="mb-8 h-10 w-64 max-w-full" />
      <Skeleton className="mb-3 h-5 w-full max-w-2xl" />
      <Skeleton className="mb-3 h-5 w-full max-w-xl" />
      <Skeleton className="h-64 w-full max-w-2xl" />
    </Loading>
  );
}
