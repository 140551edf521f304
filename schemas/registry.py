"""All event classes, and the lookup of a class by source and detail type."""

from collections.abc import Iterator
from importlib import import_module

from schemas.event import Event

SOURCES = (
    *("identity", "catalog", "inventory", "cart", "checkout", "payment", "orders", "invoices", "notifications"),
    "returns",
)

RETIRED: frozenset[str] = frozenset()
"""Withdrawn contracts, such as ``orders/OrderPlaced``: no rule names them any more."""


def event_classes() -> Iterator[type[Event]]:
    """Yield every event class, sorted by source and name."""
    for source in SOURCES:
        module = import_module(f"schemas.{source}")
        declared = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Event))
        yield from sorted((c for c in declared if c.__module__ == module.__name__), key=lambda c: c.__name__)


def event_class(source: str, detail_type: str) -> type[Event]:
    """Return the class of an event.

    Parameters:
        source: EventBridge source, such as ``ecom67.orders``.
        detail_type: EventBridge detail type, such as ``OrderPlaced``.

    Raises KeyError where there is no such contract.
    """
    for candidate in event_classes():
        if (candidate.source(), candidate.detail_type()) == (source, detail_type):
            return candidate
    raise KeyError(f"{detail_type} of {source}")
