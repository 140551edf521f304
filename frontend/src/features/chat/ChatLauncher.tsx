import { type ComponentType, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useLocation } from "react-router";

import { Icon } from "@/components/Icon";
import { Spinner } from "@/components/Spinner";
import { showToast } from "@/components/toast";
import { setChatOpen, useChatOpen } from "@/features/chat/openState";

type PanelComponent = ComponentType<{ open: boolean }>;

/**
 * The button that opens the assistant: in the header on phones, floating above the page elsewhere. The assistant is
 * loaded and connected when it is first opened, here or by `setChatOpen`.
 */
export function ChatLauncher() {
  const [Panel, setPanel] = useState<PanelComponent>();
  const isWanted = useChatOpen();
  const isLoading = isWanted && !Panel;
  const isOpen = isWanted && !isLoading;
  // At checkout the full button would cover the button to pay.
  const isCompact = useLocation().pathname === "/checkout";

  useEffect(() => {
    if (!isLoading) return;
    import("@/features/chat/ChatPanel").then(
      ({ ChatPanel }) => setPanel(() => ChatPanel),
      () => {
        setChatOpen(false);
        showToast("The assistant could not be loaded. Check your connection and try again.", { tone: "error" });
      },
    );
  }, [isLoading]);

  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setChatOpen(true)}
        className={`flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-control font-semibold hover:bg-sunken sm:fixed sm:right-6 sm:bottom-[calc(1.5rem+var(--bottom-bar,0px))] sm:z-20 sm:min-h-12 sm:min-w-12 sm:rounded-full sm:bg-action sm:text-on-action sm:shadow-raised sm:hover:bg-action-strong ${isCompact ? "" : "sm:px-5"} ${isOpen ? "invisible" : ""}`}
      >
        {isLoading ? <Spinner /> : <Icon name="chat" className="size-6" />}
        <span className={isCompact ? "sr-only" : "max-sm:sr-only"}>Ask the assistant</span>
      </button>
      {/* In the body: the dialog belongs to no landmark of the page. */}
      {Panel && createPortal(<Panel open={isOpen} />, document.body)}
    </>
  );
}
