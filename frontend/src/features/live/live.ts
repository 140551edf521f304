/**
 * The one connection of this page with what the shop has to say by itself: the assistant, and news of the shopper's
 * orders. It is open while somebody holds it, as whoever is signed in; it changes with them.
 */
import { useSyncExternalStore } from "react";

import type { Incoming, Outgoing } from "@/api/messages";
import { settings } from "@/api/settings";
import { currentSession, subscribe as subscribeToSession, token } from "@/features/auth/session";
import { Line, type LineState } from "@/features/live/line";

/** `absent`: this stage has no WebSocket. */
export type LiveState = LineState | "absent";

export interface Hearer {
  message?: (message: Outgoing) => void;
  /** What was asked before will not be answered. */
  lost?: () => void;
  /** It is there again: something may have been missed. */
  restored?: () => void;
}

const hearers = new Set<Hearer>();
const watchers = new Set<() => void>();
let state: LiveState = "closed";
let wasLost = false;
let holders = 0;

/** Of the connection there is: whose it is, and the token that opened it. Undefined before the first attempt. */
let openedAs: string | null | undefined;
let openedWith: string | null = null;
/** What was said last, to say it again where the token had expired. */
let lastSaid: Incoming | null = null;

const line = new Line({ address, onMessage: heard, onState: become, onLost: lose });

/** Keep the connection open; returns how to let go of it. */
export function hold(): () => void {
  holders += 1;
  if (holders === 1) void begin();
  return () => {
    holders -= 1;
    if (holders === 0) line.close();
  };
}

export function hear(hearer: Hearer): () => void {
  hearers.add(hearer);
  return () => hearers.delete(hearer);
}

/** Say something; it waits while the connection is not there. */
export async function say(message: Incoming): Promise<void> {
  if (message.action !== "stop") lastSaid = message;
  if (line.state === "open" && openedWith !== null) {
    // Tokens hold for an hour, connections for two.
    const current = await token(false).catch(() => openedWith);
    if (current !== openedWith) line.renew();
  }
  line.say(message);
}

/** Try again now instead of later. */
export function tryNow(): void {
  if (state === "absent") void begin();
  else line.check();
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

async function begin(): Promise<void> {
  const known = await settings().catch(() => null);
  if (known && !known.ws) become("absent");
  else if (holders > 0) line.open();
}

async function address(isRefused: boolean): Promise<string> {
  const { ws } = await settings();
  if (!ws) throw new Error("this stage has no WebSocket");
  openedWith = await token(isRefused);
  openedAs = whoIsHere();
  const url = new URL(ws, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (openedWith !== null) url.searchParams.set("token", openedWith);
  return url.href;
}

function heard(message: Outgoing): void {
  if (message.type === "error" && message.code === "SIGN_IN_EXPIRED" && lastSaid) {
    const again = lastSaid;
    lastSaid = null;
    void renewed(again);
    return;
  }
  hearers.forEach((hearer) => hearer.message?.(message));
}

async function renewed(again: Incoming): Promise<void> {
  await token(true).catch(() => null);
  line.renew();
  line.say(again);
}

function become(next: LiveState): void {
  state = next;
  watchers.forEach((watcher) => watcher());
  if (next !== "open" || !wasLost) return;
  wasLost = false;
  hearers.forEach((hearer) => hearer.restored?.());
}

function lose(): void {
  wasLost = true;
  hearers.forEach((hearer) => hearer.lost?.());
}

function whoIsHere(): string | null {
  const session = currentSession();
  return session.status === "signedIn" ? session.userId : null;
}

subscribeToSession(() => {
  if (holders === 0 || openedAs === undefined || whoIsHere() === openedAs) return;
  openedAs = undefined;
  // What one person has asked is not to be said as another.
  line.renew({ forget: true });
  lose();
});
window.addEventListener("online", () => line.check());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") line.check();
});
