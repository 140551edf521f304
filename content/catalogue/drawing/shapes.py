"""All shapes by name, as ``pictures.json`` refers to them."""

from collections.abc import Callable
from types import ModuleType

from content.catalogue.drawing import bags, bath, brewing, cloth, cookware, garden, lamps, stationery, vessels

Shape = Callable[..., None]

_MODULES: tuple[ModuleType, ...] = (cookware, vessels, brewing, cloth, lamps, stationery, bags, garden, bath)


def _shapes_of(module: ModuleType) -> dict[str, Shape]:
    return {
        name: value
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }


SHAPES: dict[str, Shape] = {name: shape for module in _MODULES for name, shape in _shapes_of(module).items()}
