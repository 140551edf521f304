/** Whether the assistant is open. The launcher, its panel and what tells news know it. */
import { useSyncExternalStore } from "react";

let opened = false;
const listeners = new Set<() => void>();

export function isChatOpen(): boolean {
  return opened;
}

export function setChatOpen(open: boolean): void {
  opened = open;
  listeners.forEach((listener) => listener());
}

export function useChatOpen(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isChatOpen);
}
