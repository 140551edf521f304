import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";

import { Breadcrumbs } from "@/components/Breadcrumbs";
import { Page } from "@/components/Page";
import { categoriesQuery, nameOfCategory } from "@/features/catalog/queries";
import { ProductListing } from "@/features/search/ProductListing";
import { useListing } from "@/features/search/useListing";

export function Component() {
  const { category = "" } = useParams();
  const [listing, change] = useListing();
  const { data } = useQuery(categoriesQuery);
  const name = data ? nameOfCategory(data, category) : "Products";
  return (
    <Page title={name} description={`${name} at e-com67: see what there is, and what it costs.`}>
      <Breadcrumbs trail={[{ name: "Home", to: "/" }, { name }]} />
      <h1 className="mt-2 mb-8">{name}</h1>
      <ProductListing
        key={category}
        category={category}
        listing={listing}
        onChange={change}
      />
    </Page>
  );
}
