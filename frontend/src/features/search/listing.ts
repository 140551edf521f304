/** What a list of products is asked for, and how the address of the page carries it. */

export const SORTS = {
  relevance: "Best match",
  newest: "Newest",
  "price-asc": "Price, low to high",
  "price-desc": "Price, high to low",
} as const;

export type Sort = keyof typeof SORTS;

export interface Listing {
  q: string;
  category: readonly string[];
  brand: readonly string[];
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  inStock: boolean;
  sort: Sort;
}

/** The list that an address asks for. What is no value of ours is left out: addresses are typed and shared. */
export function listingOf(params: URLSearchParams): Listing {
  const sort = params.get("sort") ?? "";
  return {
    q: (params.get("q") ?? "").trim(),
    category: unique(params.getAll("category")),
    brand: unique(params.getAll("brand")),
    minPrice: amount(params.get("minPrice")),
    maxPrice: amount(params.get("maxPrice")),
    inStock: params.get("inStock") === "true",
    sort: sort in SORTS ? (sort as Sort) : "relevance",
  };
}

/** The query of an address, or of the API: what is as it is anyway is left out. */
export function paramsOf(listing: Listing): URLSearchParams {
  const params = new URLSearchParams();
  if (listing.q) params.set("q", listing.q);
  listing.category.forEach((value) => params.append("category", value));
  listing.brand.forEach((value) => params.append("brand", value));
  if (listing.minPrice !== undefined) params.set("minPrice", String(listing.minPrice));
  if (listing.maxPrice !== undefined) params.set("maxPrice", String(listing.maxPrice));
  if (listing.inStock) params.set("inStock", "true");
  if (listing.sort !== "relevance") params.set("sort", listing.sort);
  return params;
}

/** The list without what narrows it; what was typed, and the order, stay. */
export function widened(listing: Listing): Listing {
  return { q: listing.q, sort: listing.sort, category: [], brand: [], inStock: false };
}

export function isNarrowed(listing: Listing): boolean {
  const { category, brand, minPrice, maxPrice, inStock } = listing;
  return category.length + brand.length > 0 || minPrice !== undefined || maxPrice !== undefined || inStock;
}

/** The values with one more, or without it where it was among them. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((held) => held !== value) : [...values, value];
}

function unique(values: string[]): string[] {
  return [...new Set(values.filter(Boolean))];
}

function amount(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
