/** Short messages that disappear by themselves. */
import { createStore, useStore } from "@/components/store";

interface ToastOptions {
  tone?: "success" | "error";
  action?: { label: string; to: string } | undefined;
}

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

const SHOWN_MS = 6000;
const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

/** Shows a toast. Errors, and toasts with an action, stay longer. */
export function showToast(text: string, { tone = "success", action }: ToastOptions = {}): void {
  const id = ++lastId;
  toasts.set([...toasts.get().slice(-1), { id, text, tone, action }]);
  setTimeout(() => dismissToast(id), tone === "error" || action ? 2 * SHOWN_MS : SHOWN_MS);
}

export function dismissToast(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useStore(toasts);
}
