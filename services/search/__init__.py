"""Search: the index over the catalog's products, kept by either of two engines behind one interface."""
