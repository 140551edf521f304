/** Keys that do something on the page that is open. Pages and components register theirs; the list of keys shows them all. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { createKeybindingsHandler } from "tinykeys";

import { createStore, useStore } from "@/components/store";

export interface Shortcut {
  /** As tinykeys reads them: `j`, `g p`, `[Shift]+?`. */
  keys: string;
  label: string;
  run: () => void;
}

const registered = createStore<readonly Shortcut[]>([]);

export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useStore(registered);
}

/** Registers keys while the component is shown. They rest while somebody types, and while a dialog is open. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  const signature = shortcuts.map(({ keys, label }) => `${keys}\n${label}`).join("\n");
  useEffect(() => {
    const own = latest.current.map(({ keys, label }, index) => ({ keys, label, run: () => latest.current[index]?.run() }));
    const handle = createKeybindingsHandler(
      Object.fromEntries(
        own.map(({ keys, run }) => [
          keys,
          (event: KeyboardEvent) => {
            event.preventDefault();
            run();
          },
        ]),
      ),
      { ignore: isForSomethingElse },
    );
    window.addEventListener("keydown", handle);
    registered.set([...registered.get(), ...own]);
    return () => {
      window.removeEventListener("keydown", handle);
      registered.set(registered.get().filter((shortcut) => !own.includes(shortcut)));
    };
  }, [signature]);
}

const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable="true"]';

function isForSomethingElse({ target, repeat, key }: KeyboardEvent): boolean {
  const isTyping = target instanceof Element && target.closest(TYPING) !== null;
  // Held keys move on; held letters do not open page after page.
  return isTyping || document.querySelector("dialog[open]") !== null || (repeat && key !== "j" && key !== "k");
}

/** Returns the keys one after the other as people read them: `["g", "p"]`. */
export function readableKeys(keys: string): string[] {
  return keys.split(" ").map((press) => press.replace("[Shift]+", ""));
}
