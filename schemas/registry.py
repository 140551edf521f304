"""All events there are, by the names under which the bus carries them."""

from collections.abc import Iterator
from importlib import import_module

from schemas.event import Event

SOURCES = ("identity", "catalog", "inventory", "cart", "checkout", "payment", "orders", "notifications")

RETIRED: frozenset[str] = frozenset()
"""Contracts that were withdrawn, such as ``orders/OrderPlaced``, once no rule named them any more."""


def event_classes() -> Iterator[type[Event]]:
    """Yield every event class, by source and then by name."""
    for source in SOURCES:
        module = import_module(f"schemas.{source}")
        declared = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Event))
        yield from sorted((c for c in declared if c.__module__ == module.__name__), key=lambda c: c.__name__)


def event_class(source: str, detail_type: str) -> type[Event]:
    """Return the class of an event on the bus; raises KeyError where no contract has that name."""
    for candidate in event_classes():
        if (candidate.source(), candidate.detail_type()) == (source, detail_type):
            return candidate
    raise KeyError(f"{detail_type} of {source}")
