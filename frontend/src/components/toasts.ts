/** Short messages that pass: what was done just now, and how to go on from it. */
import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  tone: "calm" | "wrong";
  action?: { label: string; to: string } | undefined;
}

const SHOWN_MS = 6000;
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function become(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

/** Show a message. One with an action, or of a failure, stays longer. */
export function tell(text: string, options: { tone?: Toast["tone"]; action?: Toast["action"] } = {}): void {
  const toast: Toast = { id: ++last, text, tone: options.tone ?? "calm", action: options.action };
  become([...toasts.slice(-1), toast]);
  setTimeout(() => dismiss(toast.id), toast.tone === "wrong" || toast.action ? 2 * SHOWN_MS : SHOWN_MS);
}

export function dismiss(id: number): void {
  become(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
