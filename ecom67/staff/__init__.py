"""``ecom67 staff`` and ``ecom67 login``: who works in the shop, and the token of one of them for other commands."""
