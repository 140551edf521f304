"""Orders: what staff cannot find yet is made findable."""
