"""``ecom67 deploy``: one stack, or all of a stage."""
