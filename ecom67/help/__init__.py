"""``ecom67 help``: publication of the help documents to the chat's knowledge base."""
