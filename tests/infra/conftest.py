"""The synthesised templates of each stage."""

from collections.abc import Mapping

import pytest

from tests.infra import synthesis
from tests.infra.synthesis import DEPLOYED, STAGES, Shop


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Shop]:
    """Return the templates of each stage by its name."""
    return synthesis.of_run(tmp_path_factory)


@pytest.fixture(params=STAGES)
def shop(request: pytest.FixtureRequest, shops: Mapping[str, Shop]) -> Shop:
    """Return the templates of each stage."""
    return shops[request.param]


@pytest.fixture(params=DEPLOYED)
def deployed(request: pytest.FixtureRequest, shops: Mapping[str, Shop]) -> Shop:
    """Return the templates of each stage in AWS."""
    return shops[request.param]
