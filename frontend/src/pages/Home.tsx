import { useQuery } from "@tanstack/react-query";

import { ErrorState } from "@/components/ErrorState";
import { Page, SHOP } from "@/components/Page";
import { ProductGrid, ProductGridSkeleton } from "@/features/catalog/ProductGrid";
import { newestQuery } from "@/features/catalog/queries";

export function Component() {
  const newest = useQuery(newestQuery(24));
  return (
    <Page title={SHOP}>
      <h1>Well-made things, kept simple</h1>
      <h2 className="mt-10 mb-5">New in the shop</h2>
      {newest.isPending && <ProductGridSkeleton count={8} />}
      {newest.isError && (
        <ErrorState what="The products" error={newest.error} retry={newest.refetch} busy={newest.isFetching} />
      )}
      {newest.data && <ProductGrid products={newest.data} atTop />}
    </Page>
  );
}
