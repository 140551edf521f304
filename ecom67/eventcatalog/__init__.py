"""``ecom67 docs``: the event catalog, a static site generated from the contracts and the synthesised templates."""
