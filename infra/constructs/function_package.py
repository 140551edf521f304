"""What goes into a function's package: its handler's module and all that this imports, nothing else.

A change in one service therefore changes no other service's package, and a deploy of one service
touches no function of another.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bus", "schemas", "services")


@cache
def _staging() -> Path:
    # A folder of this process: two syntheses at once must not write into each other's packages.
    folder = Path(tempfile.mkdtemp(prefix="ecom67-assets-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=str(ROOT / ".cache" / "grimp"))


def modules_of(handler_module: str) -> list[str]:
    """Return the modules of ours that a handler's module needs, itself and their packages included.

    Raises ValueError where there is no such module.
    """
    if handler_module not in _imports().modules:
        raise ValueError(f"there is no module {handler_module}")
    needed = {handler_module} | set(_imports().find_upstream_modules(handler_module))
    packages = {
        ".".join(parts[:depth]) for parts in (name.split(".") for name in needed) for depth in range(1, len(parts))
    }
    return sorted(needed | packages)


def staged(handler_module: str, data: tuple[str, ...] = ()) -> Path:
    """Copy what a handler needs into a folder of its own and return it.

    Parameters:
        handler_module: such as ``services.cart.events``.
        data: files or folders, relative to the repository, that the handler reads at run time.
    """
    target = Path(tempfile.mkdtemp(dir=_staging()))
    for module in modules_of(handler_module):
        source = _file_of(module)
        copy = target / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    for name in data:
        source, copy = ROOT / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, copy)
    return target


def _file_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
