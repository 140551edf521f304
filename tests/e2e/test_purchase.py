"""The shop as its shoppers use it: each scene of the demonstration, on the stage of this run."""

from collections.abc import Callable

import pytest

from ecom67.demo import show
from ecom67.local.connection import Connection


@pytest.mark.parametrize(
    "scene",
    show.SCENES,
    ids=lambda scene: scene.__name__,
)
def test_scene_is_as_it_should_be(stage: Connection, scene: Callable[[Connection], None]) -> None:
    scene(stage)
