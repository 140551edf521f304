/** Keys that do something on the page that is open. Pages and components register theirs; the list of keys shows them all. */
import { useEffect, useLayoutEffect, useRef } from "react";
import { type KeybindingPress, matchKeybindingPress, parseKeybinding } from "tinykeys";

import { createStore, useStore } from "@/components/store";

export interface Shortcut {
  /** As tinykeys reads them: `j`, `g p`, `[Shift]+?`. */
  keys: string;
  label: string;
  run: () => void;
}

/** How long the next key of a sequence may take. */
const SEQUENCE_MS = 1_000;

const registered = createStore<readonly Shortcut[]>([]);

/** A shortcut, and the keys of it that are still to come. */
interface Expected {
  shortcut: Shortcut;
  presses: readonly KeybindingPress[];
}

let begun: readonly Expected[] = [];
let timer: number | undefined;

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
    if (registered.get().length === 0) window.addEventListener("keydown", handle);
    registered.set([...registered.get(), ...own]);
    return () => {
      registered.set(registered.get().filter((shortcut) => !own.includes(shortcut)));
      if (registered.get().length === 0) window.removeEventListener("keydown", handle);
    };
  }, [signature]);
}

/**
 * Runs the shortcut that a key completes. One key is part of one shortcut: the `c` of `g c` is not `c` as well, and what
 * else begins with `g` is over then. That is why tinykeys, which knows no other handler than its own, only compares keys.
 */
function handle(event: KeyboardEvent): void {
  if (MODIFIERS.has(event.key) || isForSomethingElse(event)) return;
  const going = begun.filter((expected) => isNext(expected, event));
  const found = going.length > 0 ? going : registered.get().map(fromTheStart).filter((expected) => isNext(expected, event));
  const completed = found.find(({ presses }) => presses.length === 1);
  begun = completed ? [] : found.map(({ shortcut, presses }) => ({ shortcut, presses: presses.slice(1) }));
  window.clearTimeout(timer);
  timer = window.setTimeout(() => (begun = []), SEQUENCE_MS);
  if (!completed) return;
  event.preventDefault();
  completed.shortcut.run();
}

function fromTheStart(shortcut: Shortcut): Expected {
  return { shortcut, presses: parseKeybinding(shortcut.keys) };
}

function isNext({ presses: [press] }: Expected, event: KeyboardEvent): boolean {
  return press !== undefined && matchKeybindingPress(event, press);
}

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta"]);
const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable="true"]';
/** What Enter itself presses or follows. */
const PRESSED_BY_ENTER = "a[href], button, summary";

function isForSomethingElse({ target, repeat, key }: KeyboardEvent): boolean {
  const isOn = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  if (isOn(TYPING) || (key === "Enter" && isOn(PRESSED_BY_ENTER))) return true;
  // Held keys move on; held letters do not open page after page.
  return document.querySelector("dialog[open]") !== null || (repeat && key !== "j" && key !== "k");
}

/** Returns the keys one after the other as people read them: `["g", "p"]`. */
export function readableKeys(keys: string): string[] {
  return keys.split(" ").map((press) => press.replace("[Shift]+", ""));
}
