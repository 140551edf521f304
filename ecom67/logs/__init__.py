"""``ecom67 logs``: the logs of a stage's functions."""
