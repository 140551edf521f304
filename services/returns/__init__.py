"""Returns: shoppers withdraw from contracts, and goods come back."""
