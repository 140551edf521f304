"""Packages and layers hold bytecode that Lambda's read-only mounts and fixed dates do not make stale."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from infra.constructs import bytecode
from infra.constructs.bytecode import RUNTIME_VERSION, SETTING, Compiler, runtime_compiler
from infra.constructs.function_package import build_package, package_hash
from tests.infra.synthesis import DEPLOYED, Shop

MODULE = "services.orders.domain"
UNCHECKED_HASH = (1).to_bytes(4, "little")
"""Flags of bytecode that is used whatever its source is: PEP 552."""
ARCHIVED = 315_532_800
"""The date of each file in a deployed archive: the first that a zip can hold."""


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """Return a compiler that is there on every machine: the interpreter that runs the tests."""
    monkeypatch.setattr(bytecode, "CACHE", tmp_path / "bytecode")
    version = ".".join(map(str, sys.version_info[:3]))
    return Compiler(sys.executable, version, sys.implementation.cache_tag or "")


@pytest.fixture
def forgotten() -> Iterator[None]:
    """The interpreter is looked for anew, before and after."""
    runtime_compiler.cache_clear()
    yield
    runtime_compiler.cache_clear()


def compiled_of(source: Path, tag: str) -> Path:
    return source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"


def test_each_source_has_bytecode_that_is_used_without_a_look_at_its_date(compiler: Compiler) -> None:
    package = build_package(MODULE, compiler=compiler)
    sources = list(package.rglob("*.py"))

    for source in sources:
        kept = compiled_of(source, compiler.tag).read_bytes()
        assert kept[:4] == importlib.util.MAGIC_NUMBER
        assert kept[4:8] == UNCHECKED_HASH
        # A start that compiled would fail, and one that compared dates would compile.
        source.write_text("this is not Python")
        os.utime(source, (ARCHIVED, ARCHIVED))
    run = [sys.executable, "-c", f"import {MODULE} as found; print(found.__file__)"]
    started = subprocess.run(
        run, cwd=package, env={"PYTHONPATH": str(package)}, capture_output=True, text=True, check=False
    )

    assert len(sources) > 3
    assert started.returncode == 0, started.stderr
    assert Path(started.stdout.strip()).is_relative_to(package)


def test_a_source_is_compiled_once(compiler: Compiler, monkeypatch: pytest.MonkeyPatch) -> None:
    build_package(MODULE, compiler=compiler)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("compiled again"))

    again = build_package(MODULE, compiler=compiler)

    assert all(compiled_of(source, compiler.tag).exists() for source in again.rglob("*.py"))


def test_the_hash_of_a_package_is_that_of_its_sources_and_the_compilers_version(compiler: Compiler) -> None:
    first, second = (build_package(MODULE, compiler=compiler) for _ in range(2))
    next(second.rglob("*.pyc")).write_bytes(b"other bytes of the same meaning")
    newer = Compiler(compiler.python, "3.13.99", compiler.tag)

    assert package_hash(first, compiler) == package_hash(second, compiler)
    assert package_hash(first, compiler) != package_hash(first, newer)
    assert package_hash(first, compiler) != package_hash(first, None)
    next(second.rglob("domain.py")).write_text("changed = True")
    assert package_hash(first, compiler) != package_hash(second, compiler)


@pytest.mark.usefixtures("forgotten")
def test_a_named_interpreter_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho 3.9.1 cpython-39\n")
    other.chmod(0o755)
    for named in (str(other), str(tmp_path / "none")):
        monkeypatch.setenv(SETTING, named)
        with pytest.raises(ValueError, match=f"{named}, which is no Python {RUNTIME_VERSION}"):
            runtime_compiler()


@pytest.mark.usefixtures("forgotten")
def test_a_command_without_the_version_that_it_stands_for_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyenv has a command for every version that it ever installed."""
    shim = tmp_path / f"python{RUNTIME_VERSION}"
    shim.write_text("#!/bin/sh\nexit 127\n")
    installed = tmp_path / ".pyenv" / "versions" / "3.13.7" / "bin" / shim.name
    installed.parent.mkdir(parents=True)
    installed.write_text("#!/bin/sh\necho 3.13.7 cpython-313\n")
    for command in (shim, installed):
        command.chmod(0o755)
    for name in (SETTING, "UV_PYTHON_INSTALL_DIR", "PYENV_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))

    assert runtime_compiler() == Compiler(str(installed), "3.13.7", "cpython-313")
    runtime_compiler.cache_clear()
    installed.unlink()
    assert runtime_compiler() is None


def test_functions_in_aws_are_deployed_with_bytecode_where_the_runtimes_python_is(shops: Mapping[str, Shop]) -> None:
    found = runtime_compiler()
    if found is None:
        pytest.skip(bytecode.MISSING)
    for stage in DEPLOYED:
        for function in shops[stage].functions():
            for source in function.asset.rglob("*.py"):
                assert compiled_of(source, found.tag).exists(), f"{function.name}: {source}"
