import { useState } from "react";
import { useSearchParams } from "react-router";

import { type Listing, listingOf, paramsOf } from "@/features/search/listing";

interface Asked {
  from: string;
  to: Listing;
}

/**
 * The list that the address asks for, and how to ask for another. A change shows at once, before the address has it:
 * a second click builds on the first, and a ticked box stays ticked meanwhile.
 */
export function useListing(): [Listing, (changed: Listing) => void] {
  const [params, setParams] = useSearchParams();
  const [asked, setAsked] = useState<Asked | null>(null);
  const address = params.toString();
  // The address has moved: what was asked for is there, or is not wanted any more (the way back).
  if (asked && asked.from !== address) setAsked(null);
  function change(to: Listing) {
    setAsked({ from: address, to });
    setParams(paramsOf(to), { preventScrollReset: true });
  }
  return [asked?.from === address ? asked.to : listingOf(params), change];
}
