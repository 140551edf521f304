/** Cognito through Amplify. Only `session.ts` imports this module, lazily: Amplify is not in the initial JavaScript. */
import { Amplify } from "aws-amplify";
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";

import type { Settings } from "@/api/settings";

/** Who is signed in. `groups` decide what the interface offers; the API checks the token itself. */
export interface Person {
  userId: string;
  email: string;
  name: string | undefined;
  groups: readonly string[];
}

interface Identity {
  token: string;
  person: Person;
}

export function configureAmplify(settings: Settings): void {
  const { userPoolId, userPoolClientId, userPoolEndpoint } = settings;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, ...(userPoolEndpoint ? { userPoolEndpoint } : {}) } },
  });
}

/** Returns the signed-in user; null without a session, or if it cannot be renewed. Throws if Cognito cannot be reached. */
export async function fetchIdentity(forceRefresh = false): Promise<Identity | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh });
  const claims = tokens?.idToken?.payload;
  if (!tokens?.idToken || !claims) return null;
  return {
    token: tokens.idToken.toString(),
    person: {
      userId: String(claims.sub),
      email: toText(claims.email) ?? "",
      name: toText(claims.name),
      groups: Array.isArray(claims["cognito:groups"]) ? claims["cognito:groups"].map(String) : [],
    },
  };
}

function toText(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}

export {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
};
