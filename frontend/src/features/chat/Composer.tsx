import { type KeyboardEvent, type Ref, useId, useState } from "react";

import { Icon } from "@/components/Icon";
import { ask, stop } from "@/features/chat/chat";
import type { Conversation } from "@/features/chat/conversation";

/** The limit of the contract, in characters. */
const MAX_LENGTH = 2000;

interface ComposerProps {
  phase: Conversation["phase"];
  /** A question is queued already. */
  isFull: boolean;
  field: Ref<HTMLTextAreaElement>;
}

export function Composer({ phase, isFull, field }: ComposerProps) {
  const [text, setText] = useState("");
  const id = useId();
  const isAnswering = phase === "answering";

  const send = () => {
    if (isAnswering || isFull || text.trim() === "") return;
    ask(text);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // During composition with an input method, Enter accepts the word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="border-t border-line px-4 py-3 sm:px-5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor={id} className="sr-only">
        Your question
      </label>
      <div className="flex items-end gap-2">
        <textarea
          ref={field}
          id={id}
          rows={1}
          maxLength={MAX_LENGTH}
          value={text}
          placeholder="Ask about products, orders, delivery …"
          enterKeyHint="send"
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-36 min-h-11 flex-1 resize-none rounded-control border border-edge bg-page px-3 py-2 placeholder:text-muted"
        />
        {/* One button for both actions, so that it keeps the focus. */}
        <button
          type="button"
          aria-label={isAnswering ? "Stop the answer" : "Send"}
          onClick={isAnswering ? stop : send}
          className="flex size-11 items-center justify-center rounded-control bg-action text-on-action hover:bg-action-strong"
        >
          <Icon name={isAnswering ? "stop" : "send"} />
        </button>
      </div>
    </form>
  );
}
