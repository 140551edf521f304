"""``ecom67 demo``: a shopper buys, over HTTP alone, and what follows is shown and checked."""
