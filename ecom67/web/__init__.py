"""``ecom67 web``: builds, serves and publishes the single-page shop."""
