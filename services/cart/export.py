"""The command ``export`` of the cart: a person's cart, as a part of the export of their data."""

from bus.command import command
from schemas.commands import ExportInput
from services.cart.dependencies import cart_service
from services.cart.pricing import PricedCart


def _export(given: ExportInput) -> PricedCart:
    return cart_service().get(given.user_id)


export = command(_export, ExportInput)
