"""Entry point of the command line, also of ``python -m ecom67``."""

import sys

INTERRUPTED = 130


def run() -> None:
    """Run the command line; Ctrl-C ends it with 130 also while its modules are loaded, which takes half a second."""
    try:
        from ecom67.main import app
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    app()


if __name__ == "__main__":
    run()
