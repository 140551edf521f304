"""Bytecode for packages and layers, compiled by the runtime's Python.

Lambda mounts both read-only, and the archive of a deployment gives every file one fixed date. Without bytecode a
function compiles all that it imports at every start; bytecode that is checked by date would be found stale.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra.constructs.paths import ROOT

RUNTIME_VERSION = "3.13"
"""Python of the functions in AWS."""
SETTING = "ECOM67_RUNTIME_PYTHON"
"""Variable that names the interpreter which compiles."""
MISSING = (
    f"No Python {RUNTIME_VERSION} was found, so packages and layers hold no bytecode and functions start in twice the "
    f"time. Install one (`uv python install {RUNTIME_VERSION}`), or name it in {SETTING}."
)
CACHE = ROOT / ".cache" / "bytecode"
# Run by the interpreter that compiles.
_VERSION = "import platform, sys; print(platform.python_version(), sys.implementation.cache_tag)"
_COMPILE = """
import json, py_compile, sys
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
for source, compiled, shown in json.load(sys.stdin):
    py_compile.compile(source, compiled, shown, doraise=True, invalidation_mode=mode)
"""


@dataclass(frozen=True, slots=True)
class Compiler:
    """An interpreter that compiles.

    Attributes:
        python: its executable.
        version: its version, such as ``3.13.0``.
        tag: part of the names of its bytecode files, such as ``cpython-313``.
    """

    python: str
    version: str
    tag: str

    def compile_package(self, folder: Path) -> None:
        """Write the bytecode of each of a folder's sources beside it. A source is compiled once a machine.

        Raises subprocess.CalledProcessError if a source cannot be compiled.
        """
        wanted = {}
        for source in sorted(folder.rglob("*.py")):
            shown = source.relative_to(folder).as_posix()
            digest = hashlib.sha256(f"{shown}\0".encode() + source.read_bytes()).hexdigest()
            wanted[source] = (CACHE / self.version / f"{digest[:32]}.pyc", shown)
        missing = [(str(source), str(kept), shown) for source, (kept, shown) in wanted.items() if not kept.exists()]
        if missing:
            (CACHE / self.version).mkdir(parents=True, exist_ok=True)
            subprocess.run([self.python, "-c", _COMPILE], input=json.dumps(missing), text=True, check=True)  # noqa: S603
        for source, (kept, _) in wanted.items():
            beside = source.parent / "__pycache__" / f"{source.stem}.{self.tag}.pyc"
            beside.parent.mkdir(exist_ok=True)
            shutil.copyfile(kept, beside)

    def compile_layer(self, folder: Path) -> None:
        """Write the bytecode of all packages of a layer beside their sources.

        Raises subprocess.CalledProcessError if a source cannot be compiled.
        """
        mode = ("--invalidation-mode", "unchecked-hash")
        options = ("-q", "-j", "0", *mode, "-s", str(folder))
        subprocess.run([self.python, "-m", "compileall", *options, str(folder)], check=True)  # noqa: S603


@cache
def runtime_compiler() -> Compiler | None:
    """Return an interpreter of the runtime's version; None where the machine has none.

    It is the one that ECOM67_RUNTIME_PYTHON names, or on the PATH, or one that uv or pyenv installed.

    Raises ValueError if ECOM67_RUNTIME_PYTHON names no interpreter of that version.
    """
    named = os.environ.get(SETTING)
    found = next(_compilers([named] if named else _candidates(os.environ)), None)
    if named and found is None:
        raise ValueError(f"{SETTING} names {named}, which is no Python {RUNTIME_VERSION}")
    return found


def _candidates(environment: Mapping[str, str]) -> Iterator[str]:
    name = f"python{RUNTIME_VERSION}"
    if on_path := shutil.which(name, path=environment.get("PATH")):
        yield on_path
    home = Path(environment.get("HOME", "/"))
    roots = [
        Path(environment.get("UV_PYTHON_INSTALL_DIR", home / ".local/share/uv/python")),
        Path(environment.get("PYENV_ROOT", home / ".pyenv")) / "versions",
    ]
    for root in roots:
        yield from map(str, sorted(root.glob(f"*{RUNTIME_VERSION}.*/bin/{name}"), reverse=True))


def _compilers(candidates: Iterable[str]) -> Iterator[Compiler]:
    for python in candidates:
        try:
            # A command of pyenv may be on the PATH without the version that it stands for.
            asked = subprocess.run([python, "-c", _VERSION], capture_output=True, text=True, check=False)  # noqa: S603
        except OSError:
            continue
        version, _, tag = asked.stdout.strip().partition(" ")
        if asked.returncode == 0 and version.startswith(f"{RUNTIME_VERSION}."):
            yield Compiler(python, version, tag)
