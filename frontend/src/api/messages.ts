/** The messages of the WebSocket, typed by the contracts. */
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
