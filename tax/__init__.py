"""Tax: what of an order's price is tax, or is added as tax, by the place that it goes to. Pure rules over a table."""
