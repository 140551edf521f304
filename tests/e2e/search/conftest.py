"""The shop, signed in as its staff."""

from collections.abc import Iterator

import httpx
import pytest

from ecom67.local.connection import Connection
from tests.e2e.search.shop import staffed


@pytest.fixture
def shop(stage: Connection) -> Iterator[httpx.Client]:
    with staffed(stage) as shop:
        yield shop
