"""A real OpenSearch node on this machine, assembled from its published artifacts."""
