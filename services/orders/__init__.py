"""Orders: what was bought, and its status."""
