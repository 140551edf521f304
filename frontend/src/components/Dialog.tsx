import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

import { Icon } from "@/components/Icon";

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Below the scrolling content. */
  footer?: ReactNode;
  /** Opens from the side, for a long list; centered otherwise. */
  drawer?: boolean;
}

/** The browser's native modal dialog: it traps the focus, closes on Escape and restores the focus. */
export function Dialog({ open, title, onClose, children, footer, drawer = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);

  const position = drawer
    ? "mr-0 ml-auto h-dvh max-h-none w-full max-w-sm rounded-l-sheet"
    : "m-auto max-h-[85dvh] w-[calc(100%-2rem)] max-w-lg rounded-sheet";
  return (
    // A click on the backdrop closes the dialog; Escape is the equivalent for keyboards.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      className={`bg-sheet p-0 text-ink shadow-raised backdrop:bg-scrim ${position}`}
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
