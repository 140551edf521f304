"""``python -m ecom67``: the command line, such as under a debugger."""

from ecom67.main import app

app()
