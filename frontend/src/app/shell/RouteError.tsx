import { useEffect } from "react";
import { useRouteError } from "react-router";

import { useOnline, useReturn } from "@/app/shell/online";
import { Button, ButtonLink } from "@/components/Button";
import { Page } from "@/components/Page";

const reload = () => window.location.reload();

/**
 * Shown if a page fails. Without a connection its code could not be loaded: it is loaded again once the shop can be
 * reached. A reload also helps if a deployment has replaced the chunks of an open page.
 */
export function RouteError() {
  const error = useRouteError();
  const isAway = useReturn(reload);
  useEffect(() => console.error(error), [error]);
  if (isAway) return <AwayError />;
  return (
    <Page title="Something went wrong">
      <div role="alert" className="mx-auto max-w-lg py-12 text-center">
        <h1>Something went wrong on this page</h1>
        <p className="mt-4 text-muted">What is in your cart is safe. Load the page again, or go on from the home page.</p>
        <div className="mt-8 flex flex-wrap justify-center gap-3">
          <Button onClick={reload}>Load again</Button>
          <ButtonLink to="/" variant="secondary">
            To the home page
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}

function AwayError() {
  const title = useOnline() ? "The shop cannot be reached" : "You are offline";
  return (
    <Page title={title}>
      <div role="alert" className="mx-auto max-w-lg py-12 text-center">
        <h1>{title}</h1>
        <p className="mt-4 text-muted">This page could not be loaded. It comes by itself once the shop can be reached. What is in your cart is safe.</p>
      </div>
    </Page>
  );
}
