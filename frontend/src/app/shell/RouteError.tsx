import { useEffect } from "react";
import { useRouteError } from "react-router";

import { Button, ButtonLink } from "@/components/Button";
import { Page } from "@/components/Page";

/** A page that broke. After a deployment the chunks of an old page are gone; to load it anew helps then too. */
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
          <ButtonLink to="/" look="quiet">
            To the home page
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}
