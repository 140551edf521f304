/** Which field of a form a failure of Cognito concerns. */
import type { Faults } from "@/components/form";
import { sentenceOfCognito } from "@/features/auth/sentences";

const FIELDS: Record<string, string> = {
  CodeMismatchException: "code",
  ExpiredCodeException: "code",
  InvalidPasswordException: "password",
  UsernameExistsException: "email",
};

export function faultsOfCognito(error: unknown): Faults {
  const field = error instanceof Error ? FIELDS[error.name] : undefined;
  return { [field ?? ""]: sentenceOfCognito(error) };
}
