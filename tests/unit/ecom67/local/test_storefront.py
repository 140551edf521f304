from pathlib import Path

import pytest

from ecom67.base.errors import CliError
from ecom67.local import storefront


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop whose Vite writes one page, and counts its builds."""
    frontend = tmp_path / "frontend"
    (frontend / "src").mkdir(parents=True)
    (frontend / "src" / "main.tsx").write_text("one")
    monkeypatch.setattr(storefront, "FRONTEND", frontend)
    monkeypatch.setattr(storefront, "BUILT", frontend / "dist")
    monkeypatch.setattr(storefront, "CACHE", tmp_path / "cache")
    _vite_that('mkdir -p "$3"; cat src/main.tsx > "$3/index.html"', frontend)
    return frontend


def _vite_that(script: str, frontend: Path) -> None:
    program = frontend / "node_modules" / ".bin" / "vite"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_same_sources_are_built_once(sources: Path, tmp_path: Path) -> None:
    done = [storefront.build(tmp_path / "log") for _ in range(2)]

    assert done == [True, False]
    assert (sources / "dist" / "index.html").read_text() == "one"


def test_changed_sources_are_built_anew(sources: Path, tmp_path: Path) -> None:
    storefront.build(tmp_path / "log")
    (sources / "src" / "main.tsx").write_text("two")

    assert storefront.build(tmp_path / "log")
    assert (sources / "dist" / "index.html").read_text() == "two"


def test_a_failed_build_leaves_what_was_there_and_names_its_log(sources: Path, tmp_path: Path) -> None:
    storefront.build(tmp_path / "log")
    (sources / "src" / "main.tsx").write_text("broken")
    _vite_that("echo no such module; exit 1", sources)

    with pytest.raises(CliError, match="could not be built"):
        storefront.build(tmp_path / "log")

    assert (sources / "dist" / "index.html").read_text() == "one"
    assert (tmp_path / "log").read_text() == "no such module\n"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["shop.lock"]


def test_missing_packages_are_told_of(sources: Path, tmp_path: Path) -> None:
    (sources / "node_modules" / ".bin" / "vite").unlink()

    with pytest.raises(CliError, match="make setup"):
        storefront.build(tmp_path / "log")
