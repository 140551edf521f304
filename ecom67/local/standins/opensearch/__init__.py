"""A real OpenSearch on this machine: one node, made of its published artifacts."""
