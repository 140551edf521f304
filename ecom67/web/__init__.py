"""``ecom67 web``: the single-page shop, built, served, published."""
