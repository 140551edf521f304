import { Page } from "@/components/Page";
import { ProductListing } from "@/features/search/ProductListing";
import { useListing } from "@/features/search/useListing";

export function Component() {
  const [listing, change] = useListing();
  const title = listing.q ? `Results for “${listing.q}”` : "All products";
  return (
    <Page title={title}>
      <h1 className="mb-8">{title}</h1>
      <ProductListing listing={listing} onChange={change} />
    </Page>
  );
}
