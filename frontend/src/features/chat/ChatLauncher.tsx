import { type ComponentType, useState } from "react";
import { createPortal } from "react-dom";
import { useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { Spinner } from "@/components/Spinner";
import { tell } from "@/components/toasts";
import { setChatOpen, useChatOpen } from "@/features/chat/opened";

type Panel = ComponentType<{ open: boolean }>;

/**
 * The way to the assistant: a button where it stands, and where there is room one that floats above the page. Nothing of
 * the assistant is loaded, and nothing connects, before it is opened.
 */
export function ChatLauncher() {
  const [Panel, setPanel] = useState<Panel>();
  const [isLoading, setLoading] = useState(false);
  const isOpen = useChatOpen();
  // Beside the way to pay it takes little room: floating as wide as elsewhere it would lie on the button.
  const isSmall = useLocation().pathname === "/checkout";

  const open = async () => {
    if (isLoading) return;
    setLoading(true);
    try {
      const { ChatPanel } = await import("@/features/chat/ChatPanel");
      setPanel(() => ChatPanel);
      setChatOpen(true);
    } catch {
      tell("The assistant could not be loaded. Check your connection and try again.", { tone: "wrong" });
    } finally {
      setLoading(false);
    }
  };

  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => void open()}
        className={`flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-control font-semibold hover:bg-sunken sm:fixed sm:right-6 sm:bottom-6 sm:z-20 sm:min-h-12 sm:min-w-12 sm:rounded-full sm:bg-action sm:text-on-action sm:shadow-raised sm:hover:bg-action-strong ${isSmall ? "" : "sm:px-5"} ${isOpen ? "invisible" : ""}`}
      >
        {isLoading ? <Spinner /> : <Icon name="chat" className="size-6" />}
        <span className={isSmall ? "sr-only" : "max-sm:sr-only"}>Ask the assistant</span>
      </button>
      {/* It belongs to no part of the page. */}
      {Panel && createPortal(<Panel open={isOpen} />, document.body)}
    </>
  );
}
