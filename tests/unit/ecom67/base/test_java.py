"""What a Java program needs is fetched once, or named where it is missing."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ecom67.base import java
from ecom67.base.errors import CliError
from ecom67.base.java import JavaLibraries


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JavaLibraries]:
    monkeypatch.setattr(java, "CACHE", tmp_path / "cache")
    java.missing_java.cache_clear()
    pom = tmp_path / "pom.xml"
    pom.write_text("<project/>")
    yield JavaLibraries(pom, "engine")
    java.missing_java.cache_clear()


def machine(
    monkeypatch: pytest.MonkeyPatch, *programs: str, version: str = "openjdk 17.0.15", fails: bool = False
) -> list[str]:
    """Pretend that there are these programs, and return where Maven is told to put libraries."""
    targets: list[str] = []

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        if "--version" in command:
            return SimpleNamespace(stdout=version)
        targets.append(command[-1].partition("=")[2])
        Path(targets[-1]).mkdir(parents=True)
        return SimpleNamespace(returncode=int(fails))

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
    monkeypatch.setattr(subprocess, "run", run)
    return targets


@pytest.mark.parametrize(
    ("programs", "version", "missing"),
    [
        ((), "", "Java is missing"),
        (("java", "mvn"), "openjdk 11.0.2", "Java is too old"),
        (("java",), "openjdk 17.0.15", "Maven is missing: it fetches the libraries of engine."),
    ],
)
def test_what_is_missing_is_named(
    libraries: JavaLibraries, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], version: str, missing: str
) -> None:
    machine(monkeypatch, *programs, version=version)

    with pytest.raises(CliError, match=missing):
        libraries.fetch()


def test_libraries_are_fetched_once_for_a_pom(libraries: JavaLibraries, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = machine(monkeypatch, "java", "mvn")

    first = libraries.fetch()
    assert libraries.fetch() == first
    libraries.pom.write_text("<project><version>2</version></project>")
    assert libraries.fetch() != first
    assert len(fetched) == 2


def test_a_download_that_fails_leaves_nothing(libraries: JavaLibraries, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "java", "mvn", fails=True)

    with pytest.raises(CliError, match="Maven could not fetch the libraries of engine"):
        libraries.fetch()

    assert [path.name for path in (libraries.pom.parent / "cache" / "engine").iterdir()] == ["maven.log"]
