import { ButtonLink } from "@/components/Button";
import { Page } from "@/components/Page";

export function Component() {
  return (
    <Page title="Page not found">
      <div className="mx-auto max-w-lg py-12 text-center">
        <p className="font-serif text-display text-muted">404</p>
        <h1 className="mt-3">There is nothing at this address</h1>
        <p className="mt-4 text-muted">It may have moved, or the address has a typing error.</p>
        <div className="mt-8 flex flex-wrap justify-center gap-3">
          <ButtonLink to="/search">See all products</ButtonLink>
          <ButtonLink to="/" variant="secondary">
            To the home page
          </ButtonLink>
        </div>
      </div>
    </Page>
  );
}
