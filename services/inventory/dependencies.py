"""The service object of the inventory functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import dynamodb
from bus.settings import Settings
from services.inventory.inventory_service import InventoryService
from services.inventory.movements import Ledger, LedgerSettings
from services.inventory.store import InventoryStore


class InventorySettings(Settings):
    """Environment of every inventory function."""

    stock_table: str
    reservations_table: str


@cache
def inventory_service() -> InventoryService:
    """Return the inventory; raises MissingSettingError if the environment does not name its tables."""
    settings = InventorySettings.load()
    return InventoryService(InventoryStore(dynamodb(), settings.stock_table, settings.reservations_table))


@cache
def ledger() -> Ledger:
    """Return the ledger of movements; raises MissingSettingError if the environment does not name it."""
    return Ledger(dynamodb(), LedgerSettings.load().movements_table)
