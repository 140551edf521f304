import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { Breadcrumbs } from "@/components/Breadcrumbs";
import { Page } from "@/components/Page";
import { categoriesQuery, getCategoryName } from "@/features/catalog/queries";
import { ProductListing } from "@/features/search/ProductListing";
import { useSearchCriteria } from "@/features/search/useSearchCriteria";

export function Component() {
  const { category = "" } = useParams();
  const [criteria, setCriteria] = useSearchCriteria();
  const { data } = useQuery(categoriesQuery);
  const name = data ? getCategoryName(data, category) : "Products";
  return (
    <Page title={name} description={`${name} at e-com67: see what there is, and what it costs.`}>
      <Breadcrumbs trail={[{ name: "Home", to: "/" }, { name }]} />
      <h1 className="mt-2 mb-8">{name}</h1>
      <ProductListing
        key={category}
        category={category}
        criteria={criteria}
        onChange={setCriteria}
      />
    </Page>
  );
}
