/** What checkout needs of whoever takes the card: Stripe's own form, or the test cards of the local stage. */
export interface Card {
  /** Take the card as it was entered; returns the id of a payment method. Throws `CardFault`. */
  collect: () => Promise<string>;
  /**
   * Have the shopper approve the payment at their bank (3-D Secure). Returns whatever the end was: the server asks the
   * bank itself. Throws where the bank's window could not be opened.
   */
  authenticate: (clientSecret: string) => Promise<void>;
}

/** The card cannot be taken as it was entered; the message is a sentence for the shopper. */
export class CardFault extends Error {
  override readonly name = "CardFault";
}
