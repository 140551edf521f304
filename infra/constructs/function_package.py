"""The deployment package of a function: its handler's module and the modules that this imports, nothing else.

A change in one service therefore changes no package of another service, and a deployment of one service updates
no function of another.
"""

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import grimp

from infra.constructs.bytecode import Compiler
from infra.constructs.paths import ROOT

PACKAGES = ("audit", "bus", "delivery", "documents", "schemas", "services", "tax")


@cache
def _output_folder() -> Path:
    # One per process: two syntheses at once must not write into each other's packages.
    folder = Path(tempfile.mkdtemp(prefix="ecom67-packages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=str(ROOT / ".cache" / "grimp"))


def required_modules(handler_module: str) -> list[str]:
    """Return the repository's modules that a handler's module needs: itself, its imports, and their packages.

    Parameters:
        handler_module: such as ``services.cart.events``.

    Raises ValueError if there is no such module.
    """
    if handler_module not in _import_graph().modules:
        raise ValueError(f"there is no module {handler_module}")
    needed = {handler_module} | set(_import_graph().find_upstream_modules(handler_module))
    packages = {
        ".".join(parts[:depth]) for parts in (name.split(".") for name in needed) for depth in range(1, len(parts))
    }
    return sorted(needed | packages)


def package_hash(folder: Path, compiler: Compiler | None) -> str:
    """Return the hash of a package's sources and data, and of the compiler's version.

    Bytecode is left out: it need not be the same in every byte.
    """
    digest = hashlib.sha256((compiler.version if compiler else "").encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def build_package(handler_module: str, data: tuple[str, ...] = (), compiler: Compiler | None = None) -> Path:
    """Copy the files of a function into a new folder and return it.

    The folder is deleted when the process ends.

    Parameters:
        handler_module: such as ``services.cart.events``.
        data: files or folders that the handler reads at run time, relative to the repository.
        compiler: compiles the modules; without one there is no bytecode.

    Raises ValueError if there is no such module.
    """
    target = Path(tempfile.mkdtemp(dir=_output_folder()))
    for module in required_modules(handler_module):
        source = _source_file(module)
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
    if compiler:
        compiler.compile_package(target)
    return target


def _source_file(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
