import { useSearchParams } from "react-router";

import { Page } from "@/components/Page";
import { listingOf, paramsOf } from "@/features/search/listing";
import { ProductListing } from "@/features/search/ProductListing";

export function Component() {
  const [params, setParams] = useSearchParams();
  const listing = listingOf(params);
  const title = listing.q ? `Results for “${listing.q}”` : "All products";
  return (
    <Page title={title}>
      <h1 className="mb-8">{title}</h1>
      <ProductListing
        listing={listing}
        onChange={(changed) => setParams(paramsOf(changed), { preventScrollReset: true })}
      />
    </Page>
  );
}
