/** What checkout needs of the card form: Stripe's, or the test cards of the local stage. */
export interface CardForm {
  /** Returns the id of a payment method for the entered card. Throws `CardError`. */
  createPaymentMethod: () => Promise<string>;
  /**
   * Lets the shopper approve the payment at their bank (3-D Secure). Resolves for any outcome, which only the server
   * knows. Throws if the window of the bank could not be opened.
   */
  authenticate: (clientSecret: string) => Promise<void>;
}

/** The entered card is invalid; the message is a sentence for the shopper. */
export class CardError extends Error {
  override readonly name = "CardError";
}
