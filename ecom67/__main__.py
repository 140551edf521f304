"""Entry point of ``python -m ecom67``, for example under a debugger."""

from ecom67.main import app

app()
