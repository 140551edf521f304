"""The settings of the shop, and moments at its warehouse."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from delivery.settings import DeliverySettings, delivery_settings


def at_the_warehouse(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture(scope="session")
def settings() -> DeliverySettings:
    return delivery_settings()
