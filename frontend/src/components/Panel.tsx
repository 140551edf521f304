import { type ReactNode, useId } from "react";

interface PanelProps {
  title: string;
  children: ReactNode;
  className?: string;
}

/** A section of a page with its own title. */
export function Panel({ title, children, className = "" }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`rounded-sheet border border-line bg-sheet p-5 sm:p-6 ${className}`}>
      <h2 id={id} className="mb-4 text-h3">
        {title}
      </h2>
      {children}
    </section>
  );
}
