/** What is said over the WebSocket, as the contracts have it. */
export type {
  Card,
  Failure,
  History,
  Incoming,
  OrderMoved,
  Outgoing,
  Proposal,
  Source,
} from "@schemas/chat/messages";
