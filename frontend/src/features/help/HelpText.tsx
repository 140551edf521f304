import Markdown, { type Components } from "react-markdown";

const COMPONENTS: Components = {
  h2: ({ children }) => <h2 className="mt-8 mb-2 text-h3">{children}</h2>,
  p: ({ children }) => <p className="mb-3">{children}</p>,
  ul: ({ children }) => <ul className="mb-3 list-disc space-y-1 pl-5">{children}</ul>,
};

/** Renders a help document, without HTML. */
export function HelpText({ children }: { children: string }) {
  return (
    <Markdown skipHtml components={COMPONENTS}>
      {children}
    </Markdown>
  );
}
