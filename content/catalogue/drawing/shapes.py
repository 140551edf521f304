"""Every shape by its name, as the pictures' data file refers to them."""

from collections.abc import Callable
from types import ModuleType

from content.catalogue.drawing import bags, bath, brewing, cloth, cookware, garden, lamps, stationery, vessels

Shape = Callable[..., None]

_ROOMS: tuple[ModuleType, ...] = (cookware, vessels, brewing, cloth, lamps, stationery, bags, garden, bath)


def _shapes_of(room: ModuleType) -> dict[str, Shape]:
    return {
        name: value
        for name, value in vars(room).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == room.__name__
    }


SHAPES: dict[str, Shape] = {name: shape for room in _ROOMS for name, shape in _shapes_of(room).items()}
