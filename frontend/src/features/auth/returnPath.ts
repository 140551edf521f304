/** The page to return to after signing in, kept in the URL as `?to=…`. */
import { path } from "@/components/path";

/** Returns the path of the sign-in page that returns to a location. */
export function signInPath(location: { pathname: string; search: string }): string {
  return path`/sign-in?to=${location.pathname + location.search}`;
}

/** Returns the path to go to after signing in; always within the shop, because the URL may come from an attacker. */
export function returnPath(search: string): string {
  const to = new URLSearchParams(search).get("to") ?? "/";
  const origin = "https://shop.invalid";
  try {
    const url = new URL(to, origin);
    return to.startsWith("/") && url.origin === origin ? url.pathname + url.search + url.hash : "/";
  } catch {
    return "/";
  }
}
