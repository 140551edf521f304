"""``ecom67 search judge``: how well search finds the products that people have rated, beside plain BM25."""
