import { Link } from "react-router";

interface Breadcrumb {
  name: string;
  /** Absent for the current page. */
  to?: string;
}

export function Breadcrumbs({ trail }: { trail: readonly Breadcrumb[] }) {
  return (
    <nav aria-label="You are here">
      <ol className="flex flex-wrap items-center gap-x-2 text-small text-muted">
        {trail.map(({ name, to }, index) => (
          <li key={name} className="flex items-center gap-2">
            {index > 0 && <span aria-hidden="true">/</span>}
            {to ? (
              <Link to={to} className="inline-flex min-h-6 items-center hover:text-ink hover:underline hover:underline-offset-4">
                {name}
              </Link>
            ) : (
              <span aria-current="page">{name}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
