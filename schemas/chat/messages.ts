// Generated from the contracts. What is not declared here may be there, too: ignore it.

/**
 * A message of the chat's WebSocket, in either direction.
 */
export type ChatMessage = Incoming | Outgoing;
export type Incoming = SendMessage | Confirm | Stop | ReadHistory | Ping;
export type Outgoing =
  Working | Delta | Products | Sources | Proposal | Outcome | Done | Failure | OrderMoved | History | Pong;

/**
 * A question. Without a conversation it begins one, whose id comes with every message about it.
 */
export interface SendMessage {
  action: "sendMessage";
  conversationId?: string | null;
  text: string;
}
/**
 * The shopper's decision on a proposal.
 */
export interface Confirm {
  action: "confirm";
  proposalId: string;
  accept: boolean;
}
/**
 * End the answer that is being given on this connection. It ends with ``done``, marked as stopped.
 */
export interface Stop {
  action: "stop";
}
/**
 * Ask for what was said in a conversation.
 */
export interface ReadHistory {
  action: "history";
  conversationId: string;
}
/**
 * Keep the connection open: it is cut after ten silent minutes, and after two hours in any case.
 */
export interface Ping {
  action: "ping";
}
/**
 * The question has arrived, or the assistant looks something up: there is more to come.
 */
export interface Working {
  type: "working";
  conversationId: string;
  /**
   * What it uses, such as ``search_products``.
   */
  tool: string | null;
}
/**
 * The next piece of the answer's text, in Markdown without HTML.
 */
export interface Delta {
  type: "delta";
  conversationId: string;
  text: string;
}
/**
 * Products that the assistant has found.
 */
export interface Products {
  type: "products";
  conversationId: string;
  items: Card[];
}
/**
 * A product as the catalog shows it, and how many units inventory has, at the moment it was sent.
 */
export interface Card {
  productId: string;
  name: string;
  brand: string;
  category: string;
  price: Money;
  compareAtPrice: Money | null;
  imageUrl: string;
  available: number;
}
/**
 * An amount in integer minor units (cents) of an ISO 4217 currency.
 */
export interface Money {
  /**
   * Minor units: cents for USD.
   */
  amount: number;
  /**
   * ISO 4217 code.
   */
  currency?: string;
}
/**
 * What the answer rests on, in the order in which it refers to it.
 */
export interface Sources {
  type: "sources";
  conversationId: string;
  items: Source[];
}
/**
 * A document of the shop that an answer rests on.
 */
export interface Source {
  /**
   * The answer's text refers to it by this number in brackets.
   */
  number: number;
  title: string;
  /**
   * A path of the shop.
   */
  uri: string;
}
/**
 * Something that is done only if the shopper confirms it, which they can for a quarter of an hour.
 */
export interface Proposal {
  type: "proposal";
  conversationId: string;
  proposalId: string;
  tool: "propose_cart_change";
  arguments: Change;
  /**
   * What will be done, in a sentence of ours.
   */
  summary: string;
  expiresAt: string;
}
/**
 * A change of the cart that the assistant proposes.
 */
export interface Change {
  change: "ADD" | "SET" | "REMOVE";
  productId: string;
  quantity: number;
}
/**
 * What became of a proposal after the shopper's decision.
 */
export interface Outcome {
  type: "outcome";
  conversationId: string;
  proposalId: string;
  status: "ACCEPTED" | "DECLINED" | "REFUSED" | "EXPIRED";
  message: string;
  /**
   * With REFUSED: why, such as OUT_OF_STOCK.
   */
  code: string | null;
}
/**
 * The answer is complete, or was stopped.
 */
export interface Done {
  type: "done";
  conversationId: string;
  usage: Usage;
  /**
   * Who answered. ``local-demo`` is no language model, and is to be shown as such.
   */
  model: string;
  stopped: boolean;
}
/**
 * What an answer took of the model.
 */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
}
/**
 * Something was not done, and why; the conversation goes on.
 */
export interface Failure {
  type: "error";
  conversationId: string | null;
  code: string;
  /**
   * For the shopper.
   */
  message: string;
  /**
   * As HTTP would have it: 429 for too many questions.
   */
  status: number;
  retryAfterSeconds: number | null;
}
/**
 * An order of the shopper moved. ``data`` is that of the event of this name, without the user's id.
 */
export interface OrderMoved {
  type: "event";
  conversationId: null;
  /**
   * The same event may come twice.
   */
  eventId: string;
  detailType: string;
  /**
   * What happened, in a sentence.
   */
  message: string;
  data: {
    [k: string]: unknown;
  };
}
/**
 * What was said in a conversation, the oldest first.
 */
export interface History {
  type: "history";
  conversationId: string;
  turns: Turn[];
}
/**
 * Something that was said in a conversation.
 */
export interface Turn {
  role: "shopper" | "assistant" | "event";
  at: string;
  text: string;
  /**
   * False where the answer broke off or was stopped.
   */
  whole: boolean;
  /**
   * At today's prices.
   */
  products: Card[];
  sources: Source[];
}
/**
 * The connection is open.
 */
export interface Pong {
  type: "pong";
}
