/** Stores the id of the conversation that continues after a reload, and its owner. The messages are on the server. */

interface StoredConversation {
  conversationId: string;
  /** The user's id; null for a visitor, undefined if not known yet. */
  owner: string | null | undefined;
}

const KEY = "ecom67.chat";

export function saveConversation({ conversationId, owner }: StoredConversation): void {
  localStorage.setItem(KEY, JSON.stringify({ conversationId, owner: owner ?? null }));
}

export function clearConversation(): void {
  localStorage.removeItem(KEY);
}

/** Returns the id of the owner's conversation; null if there is none. */
export function loadConversationId(owner: string | null): string | null {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<StoredConversation> | null;
    return typeof stored?.conversationId === "string" && stored.owner === owner ? stored.conversationId : null;
  } catch {
    return null;
  }
}
