/** Whether the assistant is open. */
import { createStore, useStore } from "@/components/store";

const isOpen = createStore(false);

export const isChatOpen = isOpen.get;
export const setChatOpen = isOpen.set;

export function useChatOpen(): boolean {
  return useStore(isOpen);
}
