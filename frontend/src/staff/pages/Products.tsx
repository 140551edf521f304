import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import type { Product } from "@/api/types";
import { Button } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { categoriesQuery, getCategoryName } from "@/features/catalog/queries";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { FilterSelect, ListToolbar } from "@/staff/components/ListToolbar";
import { productsQuery } from "@/staff/features/products/queries";

const FILTERS = { category: "" };

export function Component() {
  const [filters, setFilter, clear] = useFilters(FILTERS);
  const products = useInfiniteQuery(productsQuery(filters));
  const { data: categories = [] } = useQuery(categoriesQuery);
  const columns: readonly Column<Product>[] = [
    { title: "Product", cell: ({ name }) => name },
    { title: "Category", cell: ({ category }) => getCategoryName(categories, category), className: "w-40" },
    { title: "Brand", cell: ({ brand }) => brand, className: "w-40 max-xl:hidden" },
    { title: "Price", cell: ({ price }) => <Price price={price} />, numeric: true, className: "w-28" },
    { title: "Changed", cell: ({ updatedAt }) => formatDate(updatedAt), className: "w-44 max-lg:hidden" },
  ];
  return (
    <ConsolePage title="Products">
      <ListToolbar>
        <FilterSelect
          label="Category"
          value={filters.category}
          options={[["", "All categories"], ...categories.map(({ category, name }) => [category, name] as const)]}
          onChange={(category) => setFilter("category", category)}
        />
      </ListToolbar>
      <List
        title="Products"
        query={products}
        columns={columns}
        id={({ productId }) => productId}
        to={({ productId }) => path`/products/${productId}`}
        empty={
          <EmptyState title="No products here" action={<Button onClick={clear}>Show all products</Button>}>
            No product is in this category.
          </EmptyState>
        }
      />
    </ConsolePage>
  );
}
