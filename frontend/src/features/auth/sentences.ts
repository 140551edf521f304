/** What to tell the shopper of a failure of Cognito. Names are those of its API; anything else is told as a fault. */
const SENTENCES: Record<string, string> = {
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

export function sentenceOfCognito(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return SENTENCES[name] ?? "Something went wrong. Please try again.";
}
