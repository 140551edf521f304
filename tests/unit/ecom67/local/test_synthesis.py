import os
from pathlib import Path

import pytest

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.local import synthesis
from ecom67.local.synthesis import digest_of, synthesise


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "api.py").write_text("a = 1")
    (tmp_path / "app.py").write_text("app")
    return tmp_path


def _digest(root: Path) -> str:
    return digest_of(root, ("app.py", "services", "missing"))


def test_the_digest_is_of_the_variables_that_are_read(sources: Path) -> None:
    def digest(url: str) -> str:
        return digest_of(sources, ("app.py",), {"OPENSEARCH_URL": url})

    assert digest("http://a") == digest("http://a") != digest("http://b")


def test_the_digest_is_of_contents_and_names_not_of_times(sources: Path) -> None:
    before = _digest(sources)
    os.utime(sources / "app.py", (1, 1))
    assert _digest(sources) == before

    (sources / "services" / "api.py").write_text("a = 2")
    changed = _digest(sources)
    (sources / "services" / "api.py").rename(sources / "services" / "routes.py")

    assert len({before, changed, _digest(sources)}) == 3


def test_what_never_gets_into_a_template_does_not_count(sources: Path) -> None:
    before = _digest(sources)
    (sources / "services" / "__pycache__").mkdir()
    (sources / "services" / "__pycache__" / "api.pyc").write_text("x")
    (sources / "services" / "README.md").write_text("x")

    assert _digest(sources) == before


@pytest.fixture
def syntheses(sources: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    done: list[Path] = []

    def synthesise(arguments: list[str], *_: object) -> None:
        folder = Path(arguments[arguments.index("--output") + 1])
        folder.mkdir(parents=True)
        (folder / "ecom67-local-bus.template.json").touch()
        done.append(folder)

    monkeypatch.setattr(cdk, "run", synthesise)
    monkeypatch.setattr(synthesis, "ROOT", sources)
    monkeypatch.setattr(synthesis, "ASSEMBLIES", sources / "assemblies")
    return done


def test_the_same_sources_are_synthesised_once(sources: Path, syntheses: list[Path]) -> None:
    first, second = synthesise({}, sources / "log"), synthesise({}, sources / "log")

    assert (first.fresh, second.fresh) == (True, False)
    assert first.folder == second.folder
    assert second.stacks == ["ecom67-local-bus"]
    assert len(syntheses) == 1


def test_only_the_last_assemblies_are_kept(sources: Path, syntheses: list[Path]) -> None:
    for number in range(synthesis.MAX_ASSEMBLIES + 3):
        (sources / "app.py").write_text(f"app {number}")
        synthesise({}, sources / "log")

    assert len(list((sources / "assemblies").iterdir())) == synthesis.MAX_ASSEMBLIES


def test_a_failed_synthesis_leaves_nothing(
    sources: Path, syntheses: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(arguments: list[str], *_: object) -> None:
        Path(arguments[arguments.index("--output") + 1]).mkdir(parents=True)
        raise CliError("`cdk synth` failed.")

    monkeypatch.setattr(cdk, "run", fail)

    with pytest.raises(CliError):
        synthesise({}, sources / "log")

    assert list((sources / "assemblies").iterdir()) == []
