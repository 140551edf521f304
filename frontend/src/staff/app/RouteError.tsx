import { useEffect } from "react";
import { useRouteError } from "react-router";

import { Button } from "@/components/Button";
import { Page } from "@/components/Page";

/** Shown if a page fails, or if its code cannot be loaded: after a deployment an open page asks for chunks that are gone. */
export function RouteError() {
  const error = useRouteError();
  useEffect(() => console.error(error), [error]);
  return (
    <Page title="Something went wrong">
      <div role="alert" className="mx-auto max-w-md py-16 text-center">
        <h1>Something went wrong on this page</h1>
        <p className="mt-3 text-muted">What was saved is saved. Load the page again.</p>
        <Button className="mt-6" onClick={() => window.location.reload()}>
          Load again
        </Button>
      </div>
    </Page>
  );
}
