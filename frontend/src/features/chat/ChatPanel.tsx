import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef } from "react";

import { Button } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { useSession } from "@/features/auth/session";
import { CART_KEY } from "@/features/cart/queries";
import { getAnnouncement } from "@/features/chat/announcement";
import { ask, startNewConversation, useConversation } from "@/features/chat/chat";
import { ChatLog } from "@/features/chat/ChatLog";
import { EarlierConversation } from "@/features/chat/EarlierConversation";
import { Composer } from "@/features/chat/Composer";
import { SUGGESTIONS } from "@/features/chat/copy";
import { setChatOpen } from "@/features/chat/openState";
import { openConnection, retryNow, subscribeToMessages, useConnectionState } from "@/features/realtime/connection";

/** On phones the assistant is a modal dialog over the whole screen. */
const PHONE_QUERY = "(width < 36rem)";

/** The assistant. Stays mounted after it was closed, so that an answer continues. */
export function ChatPanel({ open }: { open: boolean }) {
  const conversation = useConversation();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const focusField = () => field.current?.focus();
  const hasContent = conversation.entries.length > 0 || conversation.queued !== null;

  useEffect(openConnection, []);
  useCartRefresh();

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element || !open) return;
    const phone = window.matchMedia(PHONE_QUERY);
    const show = () => {
      if (element.open) element.close();
      if (phone.matches) element.showModal();
      else element.show();
    };
    show();
    // On a phone the on-screen keyboard would cover the suggestions.
    (phone.matches ? title : field).current?.focus();
    phone.addEventListener("change", show);
    return () => {
      phone.removeEventListener("change", show);
      element.close();
    };
  }, [open]);

  const close = () => setChatOpen(false);
  // On larger screens the page is visible beside the assistant.
  const closeOnPhone = () => {
    if (window.matchMedia(PHONE_QUERY).matches) close();
  };

  return (
    // Escape closes it, like the button.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      aria-labelledby="assistant"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
      className="fixed inset-0 z-20 m-0 h-dvh max-h-none w-full max-w-none flex-col border-line bg-page p-0 text-ink backdrop:bg-scrim open:flex sm:inset-auto sm:right-6 sm:bottom-6 sm:h-[min(44rem,calc(100dvh-3rem))] sm:w-[27rem] sm:rounded-sheet sm:border sm:shadow-raised"
    >
      <div className="flex items-center gap-1 border-b border-line py-2 pr-2 pl-4 sm:pl-5">
        <h2 ref={title} id="assistant" tabIndex={-1} className="text-h3 outline-none">
          Assistant
        </h2>
        {conversation.model === "local-demo" && (
          <span className="ml-2 rounded-small bg-notable-tint px-2 py-0.5 text-small">Local demo</span>
        )}
        <span className="flex-1" />
        {hasContent && (
          <HeaderButton
            icon="restart"
            label="Begin a new conversation"
            onClick={() => {
              startNewConversation();
              focusField();
            }}
          />
        )}
        <HeaderButton icon="close" label="Close the assistant" onClick={close} />
      </div>
      <p role="status" className="sr-only">
        {getAnnouncement(conversation)}
      </p>
      <ConnectionBanner />
      {hasContent ? (
        <ChatLog conversation={conversation} onNavigate={closeOnPhone} onAsk={focusField} />
      ) : (
        <div className="flex-1 space-y-5 overflow-y-auto px-4 py-5 sm:px-5">
          <EarlierConversation conversation={conversation} />
          {conversation.history !== "loading" && <Welcome onAsk={focusField} />}
        </div>
      )}
      <Composer phase={conversation.phase} isFull={conversation.queued !== null} field={field} />
      <p className="px-4 pb-3 text-small text-muted sm:px-5">It can be wrong. The prices on the cards are the shop’s own.</p>
    </dialog>
  );
}

/** Fetches the cart again after the assistant has changed it. */
function useCartRefresh(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      subscribeToMessages({
        onMessage: (message) => {
          const isUncertain = message.type === "error" && message.code === "UNCERTAIN";
          if (message.type === "outcome" || isUncertain) void client.invalidateQueries({ queryKey: CART_KEY });
        },
        onRepliesLost: () => void client.invalidateQueries({ queryKey: CART_KEY }),
      }),
    [client],
  );
}

function HeaderButton({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className="flex size-11 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-ink">
      <Icon name={icon} />
    </button>
  );
}

function Welcome({ onAsk }: { onAsk: () => void }) {
  const isShopper = useSession().status === "signedIn";
  return (
    <div>
      <p className="text-lead">What are you looking for?</p>
      <p className="mt-1 text-muted">
        I know the shop’s products and its rules{isShopper ? ", and your orders" : "; signed in, your orders as well"}.
      </p>
      <ul aria-label="Suggestions" className="mt-5 space-y-2">
        {SUGGESTIONS[isShopper ? "shopper" : "visitor"].map((suggestion) => (
          <li key={suggestion}>
            <button
              type="button"
              onClick={() => {
                ask(suggestion);
                onAsk();
              }}
              className="min-h-11 w-full rounded-control border border-edge bg-sheet px-4 py-2 text-left hover:border-ink hover:bg-sunken"
            >
              {suggestion}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function ConnectionBanner() {
  const state = useConnectionState();
  return (
    <div role="status">
      {state === "reconnecting" && (
        <p className="flex flex-wrap items-center gap-x-3 bg-notable-tint px-4 py-2 sm:px-5">
          <span className="flex-1">The assistant cannot be reached. It is tried again by itself.</span>
          <Button variant="link" onClick={retryNow}>
            Try now
          </Button>
        </p>
      )}
      {state === "unavailable" && (
        <p className="bg-notable-tint px-4 py-2 sm:px-5">The assistant is not there at the moment. The rest of the shop is.</p>
      )}
    </div>
  );
}
