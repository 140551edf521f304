"""``ecom67 catalog``: products in bulk, from a file over the shop's API."""
