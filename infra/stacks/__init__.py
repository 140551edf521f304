"""One stack a service, and the shared ones."""
