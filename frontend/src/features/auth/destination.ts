/** Where the shopper was going before they had to sign in, carried in the address as `?to=…`. */

/** The address of the sign-in page that leads back to a place. */
export function signInFor(place: { pathname: string; search: string }): string {
  return `/sign-in?to=${encodeURIComponent(place.pathname + place.search)}`;
}

/** Where to go after signing in. Only a place within the shop: the address may come from anybody. */
export function destinationOf(search: string): string {
  const to = new URLSearchParams(search).get("to") ?? "/";
  const here = "https://shop.invalid";
  try {
    const url = new URL(to, here);
    return to.startsWith("/") && url.origin === here ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
