import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

import { Icon } from "@/components/Icon";

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** At the end of the dialog, below what scrolls. */
  footer?: ReactNode;
  /** From the side, for a long list; else in the middle. */
  side?: boolean;
}

/** The browser's own modal dialog: it keeps the focus within, closes on Escape, and gives the focus back. */
export function Dialog({ open, title, onClose, children, footer, side = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);

  const place = side
    ? "mr-0 ml-auto h-dvh max-h-none w-full max-w-sm rounded-l-sheet"
    : "m-auto max-h-[85dvh] w-[calc(100%-2rem)] max-w-lg rounded-sheet";
  return (
    // A click beside the dialog closes it, as Escape does for who has a keyboard.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      className={`bg-sheet p-0 text-ink shadow-raised backdrop:bg-scrim ${place}`}
    >
      {open && (
        <div className="flex h-full max-h-[inherit] flex-col">
          <div className="flex items-center justify-between gap-4 border-b border-line px-5 py-3">
            <h2 id={titleId} className="text-h3">
              {title}
            </h2>
            <button type="button" aria-label="Close" onClick={onClose} className="-mr-2 rounded-small p-2.5 text-muted hover:text-ink">
              <Icon name="close" />
            </button>
          </div>
          <div className="flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer && <div className="border-t border-line px-5 py-4">{footer}</div>}
        </div>
      )}
    </dialog>
  );
}
