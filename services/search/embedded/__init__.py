"""The embedded engine: tantivy in the function itself, with the index's files in a bucket."""
