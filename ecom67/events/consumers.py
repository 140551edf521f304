"""The services' consumers as the code of this checkout has them.

The command line knows services by their events. Here is the one exception, which the import contracts name: a replay
must know which effects each consumer suppresses, and says so from the consumer's own declaration.
"""

from functools import cache
from importlib import import_module

from bus.consumer import Consumer
from ecom67.base.errors import CliError


def consumer_in(module: str) -> Consumer:
    """Return the consumer of a module that the operator names; raises CliError where it has none, or more than one."""
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        raise CliError(f"There is no module {module}: {error}.") from None
    consumers = [value for value in vars(found).values() if isinstance(value, Consumer)]
    if len(consumers) != 1:
        raise CliError(f"{module} has {len(consumers) or 'no'} consumers; name a module that has one.")
    return consumers[0]


def effect_of(consumer: str, source: str, detail_type: str) -> str | None:
    """Return what a consumer does outside of the shop for an event, which a replay suppresses; None where nothing.

    A consumer that is none of ours is not known here, and suppresses nothing.
    """
    ours = _consumers().get(consumer)
    subscription = ours.subscriptions.get((source, detail_type)) if ours else None
    return subscription.effect if subscription else None


def refuse_unknown_effects(allowed: list[str]) -> None:
    """Raise CliError where an effect is allowed that no consumer has: a slip, by which nothing would be allowed."""
    if not allowed:
        return
    known = {
        subscription.effect
        for consumer in _consumers().values()
        for subscription in consumer.subscriptions.values()
        if subscription.effect
    }
    if unknown := set(allowed) - known:
        raise CliError(f"There is no side effect {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")


@cache
def _consumers() -> dict[str, Consumer]:
    # Only a replay pays for loading them.
    from services.cart.events import consumer as cart
    from services.chat.events import consumer as chat
    from services.checkout.events import consumer as checkout
    from services.inventory.events import consumer as inventory
    from services.notifications.events import consumer as notifications
    from services.orders.events import consumer as orders
    from services.payment.events import consumer as payment
    from services.search.events import consumer as search

    ours = (cart, chat, checkout, inventory, notifications, orders, payment, search)
    return {consumer.name: consumer for consumer in ours}
