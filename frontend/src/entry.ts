/**
 * The entry point, kept small. It preloads the data of the page at this address, lets the browser paint the header in
 * `index.html`, then loads and starts the app.
 */
import "@/style.css";

import * as pages from "@/app/pages";

interface LandingPage {
  pattern: RegExp;
  load: () => Promise<unknown>;
  /**
   * The URLs of the first requests of the page. They must match exactly for the browser to reuse the responses.
   * `name` is encoded.
   */
  preloads: (name: string) => readonly string[];
}

/** Where most visits start. The router loads every other page. */
const LANDING_PAGES: readonly LandingPage[] = [
  { pattern: /^\/$/, load: pages.home, preloads: () => ["/api/products?limit=24"] },
  {
    pattern: /^\/c\/([^/]+)$/,
    load: pages.listing,
    preloads: (category) => [`/api/search?q=&inStock=false&sort=relevance&category=${category}&limit=24`],
  },
  {
    pattern: /^\/p\/([^/]+)$/,
    load: pages.product,
    preloads: (productId) => [`/api/products/${productId}`, `/api/stock/${productId}`],
  },
];

function preload(url: string): void {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "anonymous";
  link.href = url;
  document.head.append(link);
}

/** Resolves after the next paint; at once in a background tab, which does not paint. */
function nextPaint(): Promise<unknown> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

async function start(): Promise<void> {
  const { pathname, search } = location;
  const landingPage = search === "" ? LANDING_PAGES.find(({ pattern }) => pattern.test(pathname)) : undefined;
  preload("/api/categories");
  landingPage?.preloads(landingPage.pattern.exec(pathname)?.[1] ?? "").forEach(preload);
  await nextPaint();
  // The router loads the chunk again and reports a failure.
  landingPage?.load().catch(() => undefined);
  await import("@/main");
}

void start();
