/** The latest, in milliseconds: a page that stays busy gets what was asked for all the same. */
const LATEST_MS = 1000;

/** Resolves once the browser has nothing else to do: what a visitor sees first is painted by then. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === "undefined") setTimeout(resolve, 100);
    else requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
  });
}
