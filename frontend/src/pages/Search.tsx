import { Page } from "@/components/Page";
import { ProductListing } from "@/features/search/ProductListing";
import { useSearchCriteria } from "@/features/search/useSearchCriteria";

export function Component() {
  const [criteria, setCriteria] = useSearchCriteria();
  const title = criteria.q ? `Results for “${criteria.q}”` : "All products";
  return (
    <Page title={title}>
      <h1 className="mb-8">{title}</h1>
      <ProductListing criteria={criteria} onChange={setCriteria} />
    </Page>
  );
}
