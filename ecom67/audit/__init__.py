"""``ecom67 audit``: reads a stage for the audit and prints what it finds."""
