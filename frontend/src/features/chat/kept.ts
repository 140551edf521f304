/** Which conversation goes on after a reload: its id and whose it is. What was said is kept by the shop. */

interface Kept {
  conversationId: string;
  /** Null of a visitor, undefined where it is not known yet. */
  owner: string | null | undefined;
}

const KEY = "ecom67.chat";

export function keepConversation({ conversationId, owner }: Kept): void {
  localStorage.setItem(KEY, JSON.stringify({ conversationId, owner: owner ?? null }));
}

export function forgetConversation(): void {
  localStorage.removeItem(KEY);
}

/** The conversation that was kept for this owner, if any. */
export function keptConversation(owner: string | null): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Kept> | null;
    return typeof kept?.conversationId === "string" && kept.owner === owner ? kept.conversationId : null;
  } catch {
    return null;
  }
}
