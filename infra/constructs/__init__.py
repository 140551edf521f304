"""The building blocks of every stack."""
