"""The command ``ecom67``: one package per command group, above the local stage and the shared package ``base``."""
