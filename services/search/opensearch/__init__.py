"""The engine of the large shop: an Amazon OpenSearch domain, or a node of one."""
