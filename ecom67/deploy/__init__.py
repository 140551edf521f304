"""``ecom67 deploy``: deployment of one stack, or of all stacks of a stage."""
