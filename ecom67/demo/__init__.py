"""The demonstration: a shopper buys, over HTTP alone, and what follows is shown and checked."""

from ecom67.demo.show import run

__all__ = ["run"]
