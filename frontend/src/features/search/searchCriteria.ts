/** Query, filters and sort order of a list of products, and their URL parameters. */
import type { Path } from "react-router";

export const SORTS = {
  relevance: "Best match",
  newest: "Newest",
  "price-asc": "Price, low to high",
  "price-desc": "Price, high to low",
} as const;

export type Sort = keyof typeof SORTS;

export interface SearchCriteria {
  q: string;
  category: readonly string[];
  brand: readonly string[];
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  inStock: boolean;
  sort: Sort;
  /** No word of the query is taken for a misspelt one. */
  asTyped?: boolean;
}

/** All products of the shop. */
export const EVERYTHING: SearchCriteria = { q: "", category: [], brand: [], inStock: false, sort: "relevance" };

/** Parses the parameters of a URL. Invalid values are ignored, because users edit and share URLs. */
export function parseCriteria(params: URLSearchParams): SearchCriteria {
  const sort = params.get("sort") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    category: unique(params.getAll("category")),
    brand: unique(params.getAll("brand")),
    minPrice: parseAmount(params.get("minPrice")),
    maxPrice: parseAmount(params.get("maxPrice")),
    inStock: params.get("inStock") === "true",
    sort: sort in SORTS ? (sort as Sort) : "relevance",
    ...(params.get("asTyped") === "true" ? { asTyped: true } : {}),
  };
}

/** Returns the URL parameters, without default values. */
export function toSearchParams(criteria: SearchCriteria): URLSearchParams {
  const params = new URLSearchParams();
  if (criteria.q) params.set("q", criteria.q);
  criteria.category.forEach((value) => params.append("category", value));
  criteria.brand.forEach((value) => params.append("brand", value));
  if (criteria.minPrice !== undefined) params.set("minPrice", String(criteria.minPrice));
  if (criteria.maxPrice !== undefined) params.set("maxPrice", String(criteria.maxPrice));
  if (criteria.inStock) params.set("inStock", "true");
  if (criteria.sort !== "relevance") params.set("sort", criteria.sort);
  if (criteria.asTyped) params.set("asTyped", "true");
  return params;
}

/** Returns the location of the search page. */
export function searchLocation(criteria: SearchCriteria): Partial<Path> {
  return { pathname: "/search", search: toSearchParams(criteria).toString() };
}

/** Returns the criteria without filters; query and sort order stay. */
export function withoutFilters(criteria: SearchCriteria): SearchCriteria {
  const { q, sort, asTyped } = criteria;
  return { ...EVERYTHING, q, sort, ...(asTyped ? { asTyped } : {}) };
}

export function hasFilters(criteria: SearchCriteria): boolean {
  const { category, brand, minPrice, maxPrice, inStock } = criteria;
  return category.length + brand.length > 0 || minPrice !== undefined || maxPrice !== undefined || inStock;
}

/** Returns the values with the value added, or removed if it was among them. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

function unique(values: string[]): string[] {
  return [...new Set(values.filter(Boolean))];
}

function parseAmount(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
