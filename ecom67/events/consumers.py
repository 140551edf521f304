"""The services' consumers as the code of this checkout has them, found by name."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from bus.consumer import Consumer
from ecom67.base.errors import Fault


def consumer_in(module: str) -> Consumer:
    """Return the consumer that a module holds; raises Fault where there is none, or more than one."""
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        raise Fault(f"There is no module {module}: {error}.") from None
    consumers = [value for value in vars(found).values() if isinstance(value, Consumer)]
    if len(consumers) != 1:
        raise Fault(f"{module} has {len(consumers) or 'no'} consumers; name a module that has one.")
    return consumers[0]


def effect_of(consumer: str, source: str, detail_type: str) -> str | None:
    """Return what a consumer does outside of the shop for an event, which a replay holds back; None where nothing.

    A consumer that is none of ours is not known here, and does not hold anything back.
    """
    if consumer not in _services_with_events():
        return None
    subscription = consumer_in(f"services.{consumer}.events").subscriptions.get((source, detail_type))
    return subscription.effect if subscription else None


def refuse_unknown_effects(allowed: list[str]) -> None:
    """Raise Fault where somebody allows an effect that no consumer has: a slip, by which nothing would be allowed."""
    if not allowed:
        return
    known = {
        subscription.effect
        for service in _services_with_events()
        for subscription in consumer_in(f"services.{service}.events").subscriptions.values()
        if subscription.effect
    }
    if unknown := set(allowed) - known:
        raise Fault(f"Nothing is held back as {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")


@cache
def _services_with_events() -> frozenset[str]:
    services = import_module("services")
    found = (package.name for package in iter_modules(services.__path__) if package.ispkg)
    return frozenset(name for name in found if find_spec(f"services.{name}.events"))
