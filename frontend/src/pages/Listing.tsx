import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";

import { Breadcrumbs } from "@/components/Breadcrumbs";
import { Page } from "@/components/Page";
import { categoriesQuery } from "@/features/catalog/queries";
import { nameOfCategory } from "@/features/search/FacetList";
import { listingOf, paramsOf } from "@/features/search/listing";
import { ProductListing } from "@/features/search/ProductListing";

export function Component() {
  const { category = "" } = useParams();
  const [params, setParams] = useSearchParams();
  const { data } = useQuery(categoriesQuery);
  const name = data ? nameOfCategory(data, category) : "Products";
  return (
    <Page title={name} description={`${name} at e-com67: see what there is, and what it costs.`}>
      <Breadcrumbs trail={[{ name: "Home", to: "/" }, { name }]} />
      <h1 className="mt-2 mb-8">{name}</h1>
      <ProductListing
        key={category}
        category={category}
        listing={listingOf(params)}
        onChange={(changed) => setParams(paramsOf(changed), { preventScrollReset: true })}
      />
    </Page>
  );
}
