"""``ecom67 catalog``: bulk import of products from a file through the shop's API."""
