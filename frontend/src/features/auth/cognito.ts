/** Cognito, by Amplify. Only `session.ts` loads this module, and only once somebody signs in or has been signed in. */
import { Amplify } from "aws-amplify";
import {
  confirmResetPassword,
  confirmSignUp,
  fetchAuthSession,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";

import type { Settings } from "@/api/settings";

export interface Identity {
  token: string;
  userId: string;
  email: string;
  name: string | undefined;
}

export function configure(settings: Settings): void {
  const { userPoolId, userPoolClientId, userPoolEndpoint } = settings;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, ...(userPoolEndpoint ? { userPoolEndpoint } : {}) } },
  });
}

/** Who is signed in; null where nobody is, or the session cannot be renewed. Throws where Cognito is not reached. */
export async function identity(forceRefresh = false): Promise<Identity | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh });
  const claims = tokens?.idToken?.payload;
  if (!tokens?.idToken || !claims) return null;
  return {
    token: tokens.idToken.toString(),
    userId: String(claims.sub),
    email: textOf(claims.email) ?? "",
    name: textOf(claims.name),
  };
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}

export {
  confirmResetPassword,
  confirmSignUp,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
};
