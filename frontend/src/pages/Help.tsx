import { Link, useParams } from "react-router";

import { ButtonLink } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Page } from "@/components/Page";
import { path } from "@/components/path";
import { HELP_DOCUMENTS } from "@/features/help/documents";
import { HelpText } from "@/features/help/HelpText";

export function Component() {
  const { document: name } = useParams();
  const document = HELP_DOCUMENTS.find((entry) => entry.name === name);
  if (name === undefined) {
    return (
      <Page title="Help">
        <h1 className="mb-6">Help</h1>
        <ul className="grid gap-x-8 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
          {HELP_DOCUMENTS.map((entry) => (
            <li key={entry.name}>
              <Link to={path`/help/${entry.name}`} className="link">
                {entry.title}
              </Link>
            </li>
          ))}
        </ul>
      </Page>
    );
  }
  if (!document) {
    return (
      <Page title="Help">
        <h1 className="mb-6">Help</h1>
        <EmptyState title="There is no such help page" action={<ButtonLink to="/help">See all help pages</ButtonLink>}>
          It may have been merged with another one.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={document.title}>
      <p className="mb-2">
        <Link to="/help" className="link">
          Help
        </Link>
      </p>
      <h1>{document.title}</h1>
      <div className="max-w-2xl">
        <HelpText>{document.text}</HelpText>
      </div>
    </Page>
  );
}
