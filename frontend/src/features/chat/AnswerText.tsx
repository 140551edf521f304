import Markdown, { type Components } from "react-markdown";
import { Link } from "react-router";

/** No raw HTML, and no images: they would send requests to other servers. */
const ALLOWED_ELEMENTS = ["p", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "br", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"];

const Heading: Components["h1"] = ({ children }) => <p className="font-semibold">{children}</p>;

const COMPONENTS: Components = {
  // Only within the shop: an attacker could inject links into an answer.
  a: ({ href = "", children }) => {
    if (/^\/(?!\/)/.test(href)) return <Link to={href} className="link">{children}</Link>;
    if (href.startsWith("mailto:")) return <a href={href} className="link">{children}</a>;
    return <>{children}</>;
  },
  ul: ({ children }) => <ul className="list-disc space-y-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal space-y-1 pl-5">{children}</ol>,
  pre: ({ children }) => <pre className="overflow-x-auto whitespace-pre-wrap">{children}</pre>,
  blockquote: ({ children }) => <blockquote className="border-l-2 border-line pl-3">{children}</blockquote>,
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
};

/** Renders the Markdown of an answer, limited to text and links within the shop. */
export function AnswerText({ children }: { children: string }) {
  return (
    <div className="space-y-2.5">
      <Markdown skipHtml allowedElements={ALLOWED_ELEMENTS} unwrapDisallowed components={COMPONENTS}>
        {children}
      </Markdown>
    </div>
  );
}
