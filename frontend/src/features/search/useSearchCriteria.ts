import { useState } from "react";
import { useSearchParams } from "react-router";

import { parseCriteria, type SearchCriteria, toSearchParams } from "@/features/search/searchCriteria";

interface PendingChange {
  /** The URL parameters before the change. */
  urlParams: string;
  criteria: SearchCriteria;
}

/**
 * Returns the search criteria of the URL and a function to change them. A change applies at once, before the navigation
 * has updated the URL, so that a second click builds on the first.
 */
export function useSearchCriteria(): [SearchCriteria, (criteria: SearchCriteria) => void] {
  const [params, setParams] = useSearchParams();
  const [pending, setPending] = useState<PendingChange | null>(null);
  const urlParams = params.toString();
  // The URL has changed: the change is applied, or discarded by going back.
  if (pending && pending.urlParams !== urlParams) setPending(null);
  function setCriteria(criteria: SearchCriteria) {
    setPending({ urlParams, criteria });
    setParams(toSearchParams(criteria), { preventScrollReset: true });
  }
  return [pending?.urlParams === urlParams ? pending.criteria : parseCriteria(params), setCriteria];
}
