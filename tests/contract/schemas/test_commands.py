"""``ecom67 schemas``: what is told of a change, and what is refused."""

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ecom67 import main
from ecom67.base.errors import CliError
from ecom67.contracts import revision
from schemas import generation

runner = CliRunner()
Json = dict[str, Any]
Change = Callable[[Json], None]


def ran(*arguments: str) -> Result:
    return runner.invoke(main.app, ["schemas", *arguments])


def told(result: Result) -> str:
    return str(result.exception)


@pytest.fixture(autouse=True)
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the forms of the contracts out: what is stale has tests of its own."""
    monkeypatch.setattr(generation, "stale_files", list)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Change the class of OrderPlaced, by what its schema becomes."""

    def change(how: Change) -> None:
        contracts = deepcopy(generation.contracts())
        how(contracts["orders/OrderPlaced"])
        monkeypatch.setattr(generation, "contracts", lambda: contracts)

    return change


def raise_least_quantity(schema: Json) -> None:
    schema["$defs"]["Line"]["properties"]["quantity"]["minimum"] = 2


def add_optional_field(schema: Json) -> None:
    schema["$defs"]["OrderPlaced"]["properties"]["channel"] = {"type": "string", "default": "WEB"}


def use_pattern_properties(schema: Json) -> None:
    schema["$defs"]["OrderPlaced"]["patternProperties"] = {}


def test_what_is_as_it_was_passes() -> None:
    result = ran("check")

    assert result.exit_code == 0
    assert "The published contracts are those of the event classes." in result.output


def test_a_breaking_change_is_told_with_place_old_new_and_who_breaks(changed: Callable[[Change], None]) -> None:
    changed(raise_least_quantity)

    result = ran("check")

    assert "✗ orders/OrderPlaced data.lines[].quantity  minimum\n    1 → 2\n" in result.output
    assert "    breaks publishers, new consumers\n" in result.output
    assert "publishers: who still publishes by the old contract is refused by the new one" in result.output
    assert told(result) == "1 change would break somebody."


def test_a_program_reads_the_verdict_as_json(changed: Callable[[Change], None]) -> None:
    changed(raise_least_quantity)

    result = ran("check", "--json")

    verdict = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (verdict["compatible"], verdict["stale"]) == (False, [])
    (change,) = verdict["changes"]
    assert change["path"] == "data.lines[].quantity"
    assert (change["keyword"], change["old"], change["new"]) == ("minimum", 1, 2)
    assert set(change["breaks"]) == {"publishers", "new consumers"}


def test_a_compatible_change_is_told_and_passes(changed: Callable[[Change], None]) -> None:
    changed(add_optional_field)

    result = ran("check")

    assert result.exit_code == 0
    assert "✓ orders/OrderPlaced data.channel  presence\n    absent → optional\n    breaks nobody\n" in result.output


def test_a_keyword_that_is_not_judged_is_refused(changed: Callable[[Change], None]) -> None:
    changed(use_pattern_properties)

    assert "#/$defs/OrderPlaced/patternProperties is not judged here" in told(ran("check"))


def test_what_breaks_somebody_is_not_written(
    changed: Callable[[Change], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write() -> list[Path]:
        written.append("all")
        return []

    monkeypatch.setattr(generation, "write_files", write)
    changed(raise_least_quantity)

    refused = ran("generate")
    assert "Nothing is written" in told(refused)
    assert written == []

    assert ran("generate", "--breaking").exit_code == 0
    assert written == ["all"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository whose first commit has today's contracts, and whose tag ``v0`` has none."""

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@ecom67.example", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    git("init", "--initial-branch=main")
    git("commit", "--allow-empty", "-m", "Begin")
    git("tag", "v0")
    folder = tmp_path / "schemas" / "json"
    for name, schema in generation.contracts().items():
        path = folder / f"{name}.v1.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema))
    git("add", ".")
    git("commit", "-m", "Publish")
    return tmp_path


def test_the_contracts_of_a_revision_are_those_of_its_commit(repository: Path) -> None:
    (repository / "schemas" / "json" / "orders" / "OrderPlaced.v1.json").unlink()

    assert revision.at_revision("main", repository) == generation.contracts()


def test_a_revision_from_before_there_were_contracts_has_none(repository: Path) -> None:
    assert revision.at_revision("v0", repository) == {}


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x", "HEAD:schemas"])
def test_a_revision_that_is_not_there_is_named(repository: Path, name: str) -> None:
    with pytest.raises(CliError, match="There is no git revision"):
        revision.at_revision(name, repository)


def test_a_contract_that_is_gone_since_a_revision_breaks_those_who_had_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = generation.contracts()
    monkeypatch.setattr(revision, "at_revision", lambda _: before)
    left = {name: schema for name, schema in before.items() if name != "orders/OrderShipped"}
    monkeypatch.setattr(generation, "contracts", lambda: left)

    result = ran("check", "--against", "v1")

    assert "✗ orders/OrderShipped  contract\n    published → –\n    breaks publishers, old consumers\n" in result.output
    assert result.exit_code == 1


def test_the_contracts_are_listed_for_programs() -> None:
    rows = json.loads(ran("list", "--json").stdout)

    assert {row["name"]: row["version"] for row in rows}["ecom67.orders@OrderPlaced"] == 1
    assert len(rows) == len(generation.contracts())


def test_an_event_is_shown_by_its_fields() -> None:
    result = ran("show", "OrderShipped")

    assert "OrderShipped, version 1, of ecom67.orders" in result.output
    assert "data.trackingNumber" in result.output


def test_a_schema_is_shown_for_programs() -> None:
    assert json.loads(ran("show", "OrderShipped", "--json").stdout)["title"] == "OrderShippedEvent"


def test_contracts_are_pulled_into_a_folder(tmp_path: Path) -> None:
    result = ran("pull", "--out", str(tmp_path / "contracts"), "--event", "OrderPlaced")

    (file,) = (tmp_path / "contracts").iterdir()
    assert file.name == "ecom67.orders@OrderPlaced.json"
    assert json.loads(file.read_text())["title"] == "OrderPlacedEvent"
    assert "1 contract of stage local" in result.output
