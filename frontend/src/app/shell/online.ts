/** Whether the browser is online, and whether the shop can be reached. */
import { useEffect, useState, useSyncExternalStore } from "react";

const RETRY_MS = 3_000;

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

/**
 * Returns whether the shop cannot be reached, and asks it again until it can: then `onReturn` is called. If the shop
 * answers at the first time, it never was out of reach.
 */
export function useReturn(onReturn: () => void): boolean {
  const [isAway, setAway] = useState(() => !navigator.onLine);
  const isOnline = useOnline();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const controller = new AbortController();
    const { signal } = controller;
    async function ask(): Promise<void> {
      const isBack = isOnline && (await isReachable(signal));
      if (signal.aborted) return;
      if (!isBack) {
        setAway(true);
        timer = setTimeout(() => void ask(), RETRY_MS);
      } else if (isAway) onReturn();
    }
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [isOnline, isAway, onReturn]);
  return isAway;
}

async function isReachable(signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch("/config.json", { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}
