import Markdown, { type Components } from "react-markdown";
import { Link } from "react-router";

const COMPONENTS: Components = {
  h2: ({ children }) => <h2 className="mt-8 mb-2 text-h3">{children}</h2>,
  // Lines of an address stay lines.
  p: ({ children }) => <p className="mb-3 whitespace-pre-line">{children}</p>,
  ul: ({ children }) => <ul className="mb-3 list-disc space-y-1 pl-5">{children}</ul>,
  a: ({ href, children }) => (
    <Link to={href ?? ""} className="link">
      {children}
    </Link>
  ),
};

/** Renders a help document, without HTML. Its links lead within the shop. */
export function HelpText({ children }: { children: string }) {
  return (
    <Markdown skipHtml components={COMPONENTS}>
      {children}
    </Markdown>
  );
}
