"""``ecom67 search``: the search index, rebuilt or compared with the catalog."""
