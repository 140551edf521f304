"""``ecom67 schemas``: checking, publishing and reading the event contracts, and generating bindings for them."""
