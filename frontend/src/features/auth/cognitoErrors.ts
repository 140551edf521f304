/** Messages for the errors of Cognito, by the names of its API. */
import type { FormErrors } from "@/components/useForm";

const MESSAGES: Record<string, string> = {
  NotAuthorizedException: "The e-mail address or the password is not right.",
  UserNotFoundException: "The e-mail address or the password is not right.",
  UsernameExistsException: "There is an account with this e-mail address already. Sign in instead.",
  UserNotConfirmedException: "This address has not been confirmed yet. Enter the code that we sent there.",
  CodeMismatchException: "This is not the code that we sent. Check it, or ask for a new one.",
  ExpiredCodeException: "This code is too old. Ask for a new one.",
  InvalidPasswordException: "The password needs eight characters or more, with lower and upper case and a digit.",
  InvalidParameterException: "Check what you entered.",
  LimitExceededException: "That was tried too often. Wait a few minutes, then try again.",
  TooManyRequestsException: "That was tried too often. Wait a few minutes, then try again.",
  TooManyFailedAttemptsException: "That was tried too often. Wait a few minutes, then try again.",
  NetworkError: "The shop cannot be reached. Check your connection and try again.",
};

export function getCognitoErrorMessage(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return MESSAGES[name] ?? "Something went wrong. Please try again.";
}

/** The form fields that errors belong to. */
const FIELDS: Record<string, string> = {
  CodeMismatchException: "code",
  ExpiredCodeException: "code",
  InvalidPasswordException: "password",
  UsernameExistsException: "email",
};

/** Returns the message of an error by its form field, `""` if it belongs to none. */
export function getCognitoFormErrors(error: unknown): FormErrors {
  const field = error instanceof Error ? FIELDS[error.name] : undefined;
  return { [field ?? ""]: getCognitoErrorMessage(error) };
}
