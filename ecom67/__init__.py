"""The command ``ecom67``: a package a command group, over what they share in ``base`` and the local stage."""
