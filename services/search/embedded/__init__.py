"""The embedded engine: tantivy runs in the function itself; the index files are in a bucket."""
