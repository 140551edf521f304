"""What cart stores of a person: their cart."""

from bus.command import command
from schemas.commands import ExportInput
from services.cart.pricing import PricedCart
from services.cart.shopping import shopping


def _export(given: ExportInput) -> PricedCart:
    return shopping().show(given.user_id)


export = command(_export, ExportInput)
