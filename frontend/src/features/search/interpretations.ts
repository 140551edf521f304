import type { Category, Interpretation } from "@/api/types";
import { getCategoryName } from "@/features/catalog/queries";
import { formatPriceRange } from "@/features/search/FacetList";
import { type SearchCriteria, SORTS, type Sort } from "@/features/search/searchCriteria";

export interface RemovableFilter {
  name: string;
  /** The criteria without the filter. */
  without: SearchCriteria;
}

/** Returns the filters that words of the query were taken for. The two bounds of a price range are one filter. */
export function interpretedFilters(
  interpretations: readonly Interpretation[],
  criteria: SearchCriteria,
  categories: readonly Category[],
): RemovableFilter[] {
  return interpretations
    .filter((each, index) => index === interpretations.findIndex((other) => sharesWords(each, other)))
    .map((each) => ({
      name: getName(each, interpretations, categories),
      without: { ...criteria, q: each.queryWithout },
    }));
}

function getName(interpretation: Interpretation, all: readonly Interpretation[], categories: readonly Category[]): string {
  const value = interpretation.value ?? "";
  switch (interpretation.kind) {
    case "category":
      return getCategoryName(categories, value);
    case "colour":
      return value.charAt(0).toUpperCase() + value.slice(1);
    case "sort":
      return SORTS[value as Sort];
    case "min-price":
    case "max-price": {
      const bounds = all.filter((other) => sharesWords(interpretation, other));
      const amountOf = (kind: Interpretation["kind"]) => bounds.find((bound) => bound.kind === kind)?.amount;
      return formatPriceRange({ min: amountOf("min-price") ?? 0, max: amountOf("max-price") ?? null });
    }
  }
}

/** Both bounds of a range stand for the same words. */
function sharesWords(one: Interpretation, other: Interpretation): boolean {
  return one.words === other.words && one.queryWithout === other.queryWithout;
}
