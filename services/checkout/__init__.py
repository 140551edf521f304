"""Checkout: from a cart to a paid order, or to nothing."""
