"""The OpenSearch engine: an Amazon OpenSearch domain, or a single node."""
