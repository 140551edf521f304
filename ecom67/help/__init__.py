"""``ecom67 help``: the help documents into the knowledge base of the chat."""
