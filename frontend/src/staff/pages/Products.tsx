import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";

import { Button, ButtonLink } from "@/components/Button";
import { formatDate } from "@/components/dates";
import { EmptyState } from "@/components/EmptyState";
import { path } from "@/components/path";
import { Price } from "@/components/Price";
import { categoriesQuery, getCategoryName } from "@/features/catalog/queries";
import { ConsolePage } from "@/staff/components/ConsolePage";
import { useFilters } from "@/staff/components/filters";
import { type Column, List } from "@/staff/components/List";
import { FilterSelect, ListToolbar, SearchField } from "@/staff/components/ListToolbar";
import { useShortcuts } from "@/staff/components/shortcuts";
import { Thumbnail } from "@/staff/components/Thumbnail";
import { productsQuery } from "@/staff/features/products/queries";
import type { Product } from "@/staff/features/products/types";

const FILTERS = { q: "", status: "ACTIVE" };

export function Component() {
  const navigate = useNavigate();
  const [filters, setFilter, clear] = useFilters(FILTERS);
  const products = useInfiniteQuery(productsQuery(filters));
  const { data: categories = [] } = useQuery(categoriesQuery);
  useShortcuts([{ keys: "c", label: "New product", run: () => void navigate("/products/new") }]);
  const columns: readonly Column<Product>[] = [
    {
      title: "Product",
      cell: ({ name, imageUrl }) => <Thumbnail name={name} imageUrl={imageUrl} />,
    },
    { title: "Category", cell: ({ category }) => getCategoryName(categories, category), className: "w-40" },
    { title: "Brand", cell: ({ brand }) => brand, className: "w-40 max-xl:hidden" },
    { title: "Price", cell: ({ price }) => <Price price={price} />, numeric: true, className: "w-28" },
    { title: "Changed", cell: ({ updatedAt }) => formatDate(updatedAt), className: "w-44 max-lg:hidden" },
  ];
  const isFiltered = filters.q !== "";
  return (
    <ConsolePage
      title="Products"
      actions={
        <>
          <ButtonLink to="/products/import" variant="secondary">
            Import
          </ButtonLink>
          <ButtonLink to="/products/new">New product</ButtonLink>
        </>
      }
    >
      <ListToolbar>
        <SearchField label="Search by name, id, brand or SKU" value={filters.q} onChange={(q) => setFilter("q", q)} />
        <FilterSelect
          label="Visibility"
          value={filters.status}
          options={[
            ["ACTIVE", "In the shop"],
            ["HIDDEN", "Hidden"],
          ]}
          onChange={(status) => setFilter("status", status)}
        />
      </ListToolbar>
      <List
        title="Products"
        query={products}
        columns={columns}
        id={({ productId }) => productId}
        to={({ productId }) => path`/products/${productId}`}
        empty={
          isFiltered ? (
            <EmptyState title={`Nothing found for “${filters.q}”`} action={<Button onClick={clear}>Show all products</Button>}>
              Products that are {filters.status === "HIDDEN" ? "in the shop" : "hidden"} were not searched.
            </EmptyState>
          ) : filters.status === "HIDDEN" ? (
            <EmptyState title="No product is hidden">What you hide from shoppers is kept here.</EmptyState>
          ) : (
            <EmptyState title="The shop is empty" action={<ButtonLink to="/products/new">Create a product</ButtonLink>} />
          )
        }
      />
    </ConsolePage>
  );
}
