/**
 * What runs first, and is small. It asks for what the page at this address shows, lets the browser paint the header of
 * `index.html`, and then loads and starts the shop.
 */
import "@/style.css";

import * as pages from "@/app/pages";

interface Beginning {
  path: RegExp;
  page: () => Promise<unknown>;
  /** What the page reads first, by the very addresses that it will ask for: the browser hands over the answers then. */
  reads: (name: string) => readonly string[];
}

/** Where most visits begin. Every other page is loaded by the router. */
const BEGINNINGS: readonly Beginning[] = [
  { path: /^\/$/, page: pages.home, reads: () => ["/api/products?limit=24"] },
  {
    path: /^\/c\/([\w-]+)$/,
    page: pages.listing,
    reads: (category) => [`/api/search?q=&inStock=false&sort=relevance&category=${category}&limit=24`],
  },
  {
    path: /^\/p\/([\w-]+)$/,
    page: pages.product,
    reads: (productId) => [`/api/products/${productId}`, `/api/stock/${productId}`],
  },
];

function preload(address: string): void {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "anonymous";
  link.href = address;
  document.head.append(link);
}

/** A tab in the background paints nothing, and need not be waited for. */
function painted(): Promise<unknown> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

async function begin(): Promise<void> {
  const { pathname, search } = location;
  const beginning = search === "" ? BEGINNINGS.find(({ path }) => path.test(pathname)) : undefined;
  preload("/api/categories");
  beginning?.reads(beginning.path.exec(pathname)?.[1] ?? "").forEach(preload);
  await painted();
  // What cannot be loaded is told by the router, which asks for it again.
  beginning?.page().catch(() => undefined);
  await import("@/main");
}

void begin();
