import { useEffect } from "react";
import { useRouteError } from "react-router";

import { Button, ButtonLink } from "@/components/Button";
import { Page } from "@/components/Page";

/** Shown if a page fails. A reload also helps if a deployment has replaced the chunks of an open page. */
export function RouteError() {
  const error = useRouteError();
  useEffect(() => console.error(error), [error]);
  return (
    <Page title="Something went wrong">
      <div role="alert" className="mx-auto max-w-lg py-12 text-center">
        <h1>Something went wrong on this page</h1>
        <p className="mt-4 text-muted">What is in your cart is safe. Load the page again, or go on from the home page.</p>
        <div className="mt-8 flex flex-wrap justify-center gap-3">
          <Button onClick={() => window.location.reload()}>Load again</Button>
          <ButtonLink to="/" variant="secondary">
            To the home page
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}
