"""``ecom67 search``: maintenance of the search index."""
