/**
 * Who is at the shop. One store for all of it: pages read it by `useSession`, the API client takes its tokens here.
 *
 * Amplify is loaded only where it is needed: at the start for a shopper who was signed in, else at the first sign-in.
 */
import { useSyncExternalStore } from "react";

import { takeTokensFrom } from "@/api/client";
import { settings } from "@/api/settings";

export type Session =
  | { status: "unknown" }
  /** `ended` says why nobody is signed in any more: the session could not be renewed, or it was closed here. */
  | { status: "anonymous"; ended?: "expired" | "signedOut" }
  | { status: "signedIn"; userId: string; email: string; name: string | undefined };

/** What a sign-in leads to: it is done, or the address has first to be confirmed, or the password to be renewed. */
export type SignInStep = "done" | "confirmAddress" | "renewPassword";

type Cognito = typeof import("@/features/auth/cognito");

let session: Session = { status: "unknown" };
let cognito: Promise<Cognito> | undefined;
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  listeners.forEach((listener) => listener());
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentSession(): Session {
  return session;
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, currentSession);
}

/** Find out who is here, and follow what other tabs do. */
export async function start(): Promise<void> {
  takeTokensFrom({ current: () => token(false), renewed: () => token(true) });
  window.addEventListener("storage", ({ key }) => {
    if (key === null || key.endsWith(".LastAuthUser")) void resume();
  });
  await resume();
}

async function resume(): Promise<void> {
  if (!wasSignedIn()) {
    become({ status: "anonymous", ...(session.status === "signedIn" ? { ended: "signedOut" } : {}) });
    return;
  }
  try {
    await token(false);
  } catch {
    // Cognito is not reached. The next request asks again; until then the shop is what a visitor sees.
    if (session.status === "unknown") become({ status: "anonymous" });
  }
}

function wasSignedIn(): boolean {
  return Object.keys(localStorage).some(
    (key) => key.startsWith("CognitoIdentityServiceProvider.") && key.endsWith(".LastAuthUser"),
  );
}

/** A token that is valid now, or a new one after one was refused; null for a visitor. Throws where Cognito is not reached. */
export async function token(renew: boolean): Promise<string | null> {
  if (session.status === "anonymous" && !wasSignedIn()) return null;
  if (session.status === "unknown" && !wasSignedIn()) return null;
  const found = await (await loaded()).identity(renew);
  if (found === null) {
    become({ status: "anonymous", ended: "expired" });
    return null;
  }
  const { userId, email, name } = found;
  if (session.status !== "signedIn" || session.userId !== userId) become({ status: "signedIn", userId, email, name });
  return found.token;
}

function loaded(): Promise<Cognito> {
  cognito ??= load().catch((error: unknown) => {
    cognito = undefined;
    throw error;
  });
  return cognito;
}

async function load(): Promise<Cognito> {
  const [module, known] = await Promise.all([import("@/features/auth/cognito"), settings()]);
  module.configure(known);
  return module;
}

/** Make an account. Cognito sends a code to the address. */
export async function signUp(email: string, password: string, name: string): Promise<void> {
  const { signUp } = await loaded();
  await signUp({
    username: email,
    password,
    options: { userAttributes: { email, ...(name ? { name } : {}) } },
  });
}

/** Confirm the address by the code that was sent there. It signs nobody in. */
export async function confirmAddress(email: string, code: string): Promise<void> {
  await (await loaded()).confirmSignUp({ username: email, confirmationCode: code });
}

export async function sendCodeAgain(email: string): Promise<void> {
  await (await loaded()).resendSignUpCode({ username: email });
}

export async function signIn(email: string, password: string): Promise<SignInStep> {
  const { signIn, signOut } = await loaded();
  if (session.status !== "signedIn" && wasSignedIn()) await signOut();
  const { nextStep } = await signIn({ username: email, password });
  switch (nextStep.signInStep) {
    case "DONE": {
      const { identity } = await loaded();
      const found = await identity();
      if (found === null) throw new Error("signed in, and there is no token");
      become({ status: "signedIn", userId: found.userId, email: found.email, name: found.name });
      return "done";
    }
    case "CONFIRM_SIGN_UP":
      return "confirmAddress";
    default:
      return "renewPassword";
  }
}

/** Send a code by which to choose a new password. Answers the same for an address without an account. */
export async function forgetPassword(email: string): Promise<void> {
  await (await loaded()).resetPassword({ username: email });
}

export async function choosePassword(email: string, code: string, password: string): Promise<void> {
  await (await loaded()).confirmResetPassword({ username: email, confirmationCode: code, newPassword: password });
}

/** Sign out here, or on all devices by revoking every token. What is stored here goes in any case. */
export async function signOut({ everywhere = false } = {}): Promise<void> {
  const { signOut } = await loaded();
  try {
    await signOut({ global: everywhere });
  } finally {
    become({ status: "anonymous", ended: "signedOut" });
  }
}
