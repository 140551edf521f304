/** Announces changes of the page to screen readers. */
import { createStore, useStore } from "@/components/store";

const announcement = createStore("");

export const announce = announcement.set;

export function useAnnouncement(): string {
  return useStore(announcement);
}
