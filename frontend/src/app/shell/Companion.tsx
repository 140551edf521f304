import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useSession } from "@/features/auth/session";
import { ChatLauncher } from "@/features/chat/ChatLauncher";

/** What comes after the page itself: the way to the assistant, and news of the orders of who is signed in. */
export default function Companion() {
  const client = useQueryClient();
  const isSignedIn = useSession().status === "signedIn";
  useEffect(() => {
    if (!isSignedIn) return;
    const over = new AbortController();
    // Where it cannot be loaded, pages are as true as their last reading.
    import("@/features/orders/news").then(({ hearOfOrders }) => hearOfOrders(client, over.signal)).catch(() => undefined);
    return () => over.abort();
  }, [isSignedIn, client]);
  return <ChatLauncher />;
}
