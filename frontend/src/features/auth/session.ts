/**
 * The session: components read it with `useSession`, and the API client gets its tokens here.
 *
 * Amplify is loaded on demand: at start-up if the shopper was signed in, otherwise at the first sign-in.
 */
import { setTokenSource } from "@/api/client";
import { loadOnce } from "@/api/loadOnce";
import { loadSettings } from "@/api/settings";
import { createStore, useStore } from "@/components/store";
import type { Person } from "@/features/auth/cognito";

type Session =
  | { status: "unknown" }
  /** `ended` is why a session has ended: it could not be renewed, or the shopper signed out. */
  | { status: "anonymous"; ended?: "expired" | "signedOut" }
  | ({ status: "signedIn" } & Person);

/**
 * What follows a sign-in: nothing, or the e-mail address has to be confirmed, a first password to be chosen in place of
 * the one of an invitation, or the password to be reset.
 */
type SignInStep = "done" | "confirmEmail" | "choosePassword" | "resetPassword";

const session = createStore<Session>({ status: "unknown" });

const loadCognito = loadOnce(async () => {
  // One after the other: Amplify hears of other tabs from its import on, and can answer only once it is configured.
  const settings = await loadSettings();
  const cognito = await import("@/features/auth/cognito");
  cognito.configureAmplify(settings);
  return cognito;
});

export const getSession = session.get;
export const subscribeToSession = session.subscribe;

export function useSession(): Session {
  return useStore(session);
}

/** Restores the session and follows sign-ins and sign-outs of other tabs. */
export async function startSession(): Promise<void> {
  setTokenSource({ getToken: () => getToken(false), refreshToken: () => getToken(true) });
  window.addEventListener("storage", ({ key }) => {
    if (key === null || key.endsWith(".LastAuthUser")) void restoreSession();
  });
  await restoreSession();
}

async function restoreSession(): Promise<void> {
  if (!wasSignedIn()) {
    session.set({ status: "anonymous", ...(session.get().status === "signedIn" ? { ended: "signedOut" } : {}) });
    return;
  }
  try {
    await getToken(false);
  } catch {
    // Cognito cannot be reached. The next request tries again; until then the shopper counts as a visitor.
    if (session.get().status === "unknown") session.set({ status: "anonymous" });
  }
}

function wasSignedIn(): boolean {
  return Object.keys(localStorage).some(
    (key) => key.startsWith("CognitoIdentityServiceProvider.") && key.endsWith(".LastAuthUser"),
  );
}

/** Returns a valid token, or a new one with `forceRefresh`; null for a visitor. Throws if Cognito cannot be reached. */
export async function getToken(forceRefresh: boolean): Promise<string | null> {
  if (session.get().status !== "signedIn" && !wasSignedIn()) return null;
  const identity = await (await loadCognito()).fetchIdentity(forceRefresh);
  if (identity === null) {
    session.set({ status: "anonymous", ended: "expired" });
    return null;
  }
  const current = session.get();
  if (current.status !== "signedIn" || current.userId !== identity.person.userId) setSignedIn(identity.person);
  return identity.token;
}

function setSignedIn(person: Person): void {
  session.set({ status: "signedIn", ...person });
}

/** Creates an account. Cognito sends a code to the e-mail address. */
export async function signUp(email: string, password: string, name: string): Promise<void> {
  const userAttributes = { email, ...(name ? { name } : {}) };
  await (await loadCognito()).signUp({ username: email, password, options: { userAttributes } });
}

/** Confirms the e-mail address by the code that was sent to it. Does not sign in. */
export async function confirmEmail(email: string, code: string): Promise<void> {
  await (await loadCognito()).confirmSignUp({ username: email, confirmationCode: code });
}

export async function resendCode(email: string): Promise<void> {
  await (await loadCognito()).resendSignUpCode({ username: email });
}

export async function signIn(email: string, password: string): Promise<SignInStep> {
  const { signIn, signOut } = await loadCognito();
  if (session.get().status !== "signedIn" && wasSignedIn()) await signOut();
  const { nextStep } = await signIn({ username: email, password });
  switch (nextStep.signInStep) {
    case "DONE":
      await setSignedInByCognito();
      return "done";
    case "CONFIRM_SIGN_UP":
      return "confirmEmail";
    case "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED":
      return "choosePassword";
    default:
      return "resetPassword";
  }
}

/** Ends a sign-in with the password of an invitation by choosing one's own. */
export async function chooseFirstPassword(password: string): Promise<void> {
  await (await loadCognito()).confirmSignIn({ challengeResponse: password });
  await setSignedInByCognito();
}

async function setSignedInByCognito(): Promise<void> {
  const identity = await (await loadCognito()).fetchIdentity();
  if (identity === null) throw new Error("signed in, and there is no token");
  setSignedIn(identity.person);
}

/** Sends a code for a new password. Succeeds also for an address without an account, so that it reveals none. */
export async function requestPasswordReset(email: string): Promise<void> {
  await (await loadCognito()).resetPassword({ username: email });
}

export async function confirmPasswordReset(email: string, code: string, password: string): Promise<void> {
  await (await loadCognito()).confirmResetPassword({ username: email, confirmationCode: code, newPassword: password });
}

/** Signs out in this browser, or everywhere by revoking all tokens. The local session ends even if that fails. */
export async function signOut({ everywhere = false } = {}): Promise<void> {
  const { signOut } = await loadCognito();
  try {
    await signOut({ global: everywhere });
  } finally {
    session.set({ status: "anonymous", ended: "signedOut" });
  }
}
