import { type ComponentType, useState } from "react";
import { createPortal } from "react-dom";
import { useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { Spinner } from "@/components/Spinner";
import { showToast } from "@/components/toast";
import { setChatOpen, useChatOpen } from "@/features/chat/openState";

type PanelComponent = ComponentType<{ open: boolean }>;

/**
 * The button that opens the assistant: in the header on phones, floating above the page elsewhere. The assistant is
 * loaded and connected when it is first opened.
 */
export function ChatLauncher() {
  const [Panel, setPanel] = useState<PanelComponent>();
  const [isLoading, setLoading] = useState(false);
  const isOpen = useChatOpen();
  // At checkout the full button would cover the button to pay.
  const isCompact = useLocation().pathname === "/checkout";

  const open = async () => {
    if (isLoading) return;
    setLoading(true);
    try {
      const { ChatPanel } = await import("@/features/chat/ChatPanel");
      setPanel(() => ChatPanel);
      setChatOpen(true);
    } catch {
      showToast("The assistant could not be loaded. Check your connection and try again.", { tone: "error" });
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
        className={`flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-control font-semibold hover:bg-sunken sm:fixed sm:right-6 sm:bottom-6 sm:z-20 sm:min-h-12 sm:min-w-12 sm:rounded-full sm:bg-action sm:text-on-action sm:shadow-raised sm:hover:bg-action-strong ${isCompact ? "" : "sm:px-5"} ${isOpen ? "invisible" : ""}`}
      >
        {isLoading ? <Spinner /> : <Icon name="chat" className="size-6" />}
        <span className={isCompact ? "sr-only" : "max-sm:sr-only"}>Ask the assistant</span>
      </button>
      {/* In the body: the dialog belongs to no landmark of the page. */}
      {Panel && createPortal(<Panel open={isOpen} />, document.body)}
    </>
  );
}
