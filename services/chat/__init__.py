"""Chat: answers from the shop's own documents and catalogue, and tells when an order moves."""
