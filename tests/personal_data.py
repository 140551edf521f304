"""Where the shop holds the id of a person. A new table fails the tests until it stands in one of these."""

EXPORTED = {
    "Users": "identity",
    "Orders": "orders",
    "Cart": "cart",
    "Checkouts": "checkout",
    "Payments": "payment",
    "Invoices": "invoices",
    "SendLog": "notifications",
    "Returns": "returns",
    "Withdrawals": "returns",
    "ChatHistory": "chat",
    "Connections": "chat",
    "Proposals": "chat",
    "Allowances": "chat",
}
"""Tables with items of people, and the service whose export has them."""

NOT_EXPORTED = {
    "ErasedUsers": "has only those who can no longer ask",
    "Journal": "copies of events, which have ids only: each fact is in the export of the service that published it",
    "StaffActions": "who of the staff asked for whose export or erasure: an audit trail, which outlives both",
    "Tickets": "a ticket is used at once, and for 30 seconds; it holds nothing but who asked for it",
    "Products": "the history of a product says which of the staff changed it: the shop's record, not a shopper's data",
    "Movements": "the ledger of stock says which of the staff counted or adjusted: the shop's record, as for Products",
    "OrderSearch": "finds orders by what they say themselves, and goes with it: the export of Orders has it",
    "Quarantine": "copies of events that no contract or record agrees with, until an operator has looked at them",
}
"""Tables that hold ids of people and are in no export, and why."""

NOBODY = {
    *("Categories", "Stock", "Reservations", "CartProducts", "SearchProducts", "InvoiceNumbers"),
    *("SalesFacts", "SalesDays", "StockLevels", "Differences"),
}
"""Tables that hold nobody's id."""

KEEP_THE_ID = {
    "Orders": "what was sold is kept for the tax authorities; without address, e-mail address and the notes of staff",
    "OrderSearch": "staff finds those orders by day and status; no longer by name or e-mail address",
    "Payments": "what was paid and given back is kept for them as well",
    "Returns": "what came back of what was sold, and its money, belong to the order",
    "Withdrawals": "when somebody withdrew from a contract is proof for both; nothing is left of what was typed",
    "Checkouts": "how the payment came about, until it expires; without the address",
    "ErasedUsers": "the tombstone by which every service refuses what comes late, for 400 days",
    "Users": "that the profile is erased, without anything of it, for as long",
    "Cart": "that the cart is erased, so that a late change is refused, for 30 days",
    "Allowances": "how many questions they asked the assistant, for an hour",
    "SendLog": "that a mail was sent, so that it is not sent again: neither to whom, nor what it said",
    "Journal": "copies of events for 30 days, which have ids only",
    "StaffActions": "who of the staff asked for whose export or erasure, for 400 days",
}
"""Tables that still hold the id of a person after their erasure, a number that leads to nobody any more, and why."""
