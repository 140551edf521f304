import Markdown, { type Components } from "react-markdown";
import { Link } from "react-router";

/** What an answer may consist of. It is made of elements and never of HTML; an image would call somebody else's server. */
const ALLOWED = ["p", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "br", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"];

const heading: Components["h1"] = ({ children }) => <p className="font-semibold">{children}</p>;

const COMPONENTS: Components = {
  // Only within the shop: where a text leads is what an attacker would choose.
  a: ({ href = "", children }) => {
    if (/^\/(?!\/)/.test(href)) return <Link to={href} className="link">{children}</Link>;
    if (href.startsWith("mailto:")) return <a href={href} className="link">{children}</a>;
    return <>{children}</>;
  },
  ul: ({ children }) => <ul className="list-disc space-y-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal space-y-1 pl-5">{children}</ol>,
  pre: ({ children }) => <pre className="overflow-x-auto whitespace-pre-wrap">{children}</pre>,
  blockquote: ({ children }) => <blockquote className="border-l-2 border-line pl-3">{children}</blockquote>,
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
};

/** The text of an answer. Markdown that would be anything else than text is left out. */
export function AnswerText({ children }: { children: string }) {
  return (
    <div className="space-y-2.5">
      <Markdown skipHtml allowedElements={ALLOWED} unwrapDisallowed components={COMPONENTS}>
        {children}
      </Markdown>
    </div>
  );
}
