"""Bindings read every event as a consumer does, and type-check strictly."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bus.journal import contract_violations
from ecom67.contracts.bindings import Language, generate_bindings, write_bindings
from ecom67.contracts.registry import CheckoutRegistry, select_contracts
from infra.constructs.paths import ROOT
from schemas import generation
from schemas.event import Event
from schemas.exporters.json_schema import service_of
from schemas.registry import event_classes
from tests.contract.schemas.values import VALUES, leaves, with_value

PACKAGE = "ecom67_events"
TSC = ROOT / "node_modules" / ".bin" / "tsc"
Json = dict[str, Any]

PYTHON_CONSUMER = """
from ecom67_events.orders import OrderPlacedEvent, OrdersEvent, OrderShippedEvent


def cents(event: OrderPlacedEvent) -> int:
    return sum(line.unit_price.amount * line.quantity for line in event.detail.data.lines)


def tracked(body: str) -> str | None:
    event = OrdersEvent.model_validate_json(body).root
    return event.detail.data.tracking_number if isinstance(event, OrderShippedEvent) else None
"""
TYPESCRIPT_CONSUMER = """
import type { OrderPlacedEvent, OrdersEvent } from "./ecom67_events/orders";

export const cents = (event: OrderPlacedEvent): number =>
  event.detail.data.lines.reduce((sum, line) => sum + line.unitPrice.amount * line.quantity, 0);

export function tracked(event: OrdersEvent): string | undefined {
  return event["detail-type"] === "OrderShipped" ? event.detail.data.trackingNumber : undefined;
}
"""


def made(language: Language, folder: Path) -> Path:
    write_bindings(generate_bindings(select_contracts(CheckoutRegistry(), None), language), folder / PACKAGE)
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = made(Language.PYTHON, tmp_path_factory.mktemp("python"))
    sys.path.insert(0, str(folder))
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]


@pytest.fixture(params=list(event_classes()), ids=lambda event: event.__name__)
def event(request: pytest.FixtureRequest) -> type[Event]:
    event: type[Event] = request.param
    return event


@pytest.fixture
def model(python: Path, event: type[Event]) -> type[BaseModel]:
    found: type[BaseModel] = getattr(
        importlib.import_module(f"{PACKAGE}.{service_of(event)}"), f"{event.__name__}Event"
    )
    return found


@pytest.fixture
def given(event: type[Event]) -> Json:
    found: Json = json.loads(generation.contract_path(event, generation.EXAMPLES).read_text())
    return found


def with_unknown_fields(value: Any) -> Any:
    """Return a value with a field more in each of its objects that are no maps."""
    if isinstance(value, dict):
        more = {} if "colour" in value else {"addedLater": {"by": "somebody"}}
        return {name: with_unknown_fields(held) for name, held in value.items()} | more
    return [with_unknown_fields(held) for held in value] if isinstance(value, list) else value


def test_a_model_reads_the_event_and_writes_the_same(model: type[BaseModel], given: Json) -> None:
    read = model.model_validate(given)

    written = json.loads(read.model_dump_json(by_alias=True, exclude_none=True))
    assert written["detail"]["data"].keys() == given["detail"]["data"].keys()
    assert model.model_validate(written) == read


def test_a_model_ignores_what_was_added_later(model: type[BaseModel], given: Json) -> None:
    assert model.model_validate(with_unknown_fields(given)) == model.model_validate(given)


def test_a_model_refuses_what_the_contract_refuses(model: type[BaseModel], given: Json) -> None:
    for name in given["detail"]["data"]:
        wrong = deepcopy(given)
        wrong["detail"]["data"][name] = {"not": "this"} if name != "attributes" else 1
        with pytest.raises(ValidationError, match=r"detail\.data\."):
            model.model_validate(wrong)
    with pytest.raises(ValidationError, match="detail-type"):
        model.model_validate({**given, "detail-type": "SomethingElse"})


def test_a_model_and_the_contract_agree_on_every_value_of_every_field(model: type[BaseModel], given: Json) -> None:
    disagreed = []
    # The journal finds the contract of an event by its version; a binding is of one.
    paths = [path for path in leaves(given["detail"]) if path and path != ("metadata", "version")]
    for path in paths:
        for value in VALUES:
            changed = {**given, "detail": with_value(given["detail"], path, value)}
            if is_read(model, changed) == bool(contract_violations(changed)):
                disagreed.append((path, value))

    assert disagreed == []


def is_read(model: type[BaseModel], event: Json) -> bool:
    try:
        model.model_validate(event)
    except ValidationError:
        return False
    return True


def test_any_event_of_a_service_is_told_apart_by_its_detail_type(python: Path, event: type[Event], given: Json) -> None:
    module = importlib.import_module(f"{PACKAGE}.{service_of(event)}")

    of_any: Any = getattr(module, f"{service_of(event).capitalize()}Event").model_validate(given)

    # A service with a single event has no other to tell it from.
    assert type(getattr(of_any, "root", of_any)).__name__ in (f"{event.__name__}Event", type(of_any).__name__)


def test_python_bindings_type_check_strictly(python: Path) -> None:
    (python / "consumer.py").write_text(PYTHON_CONSUMER)

    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null"),
            *("--cache-dir", str(ROOT / ".mypy_cache" / "bindings"), PACKAGE, "consumer.py"),
        ],
        cwd=python,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout.startswith("Success: no issues found"), checked.stdout + checked.stderr


@pytest.mark.parametrize("committed", [False, True], ids=["made", "committed"])
def test_typescript_bindings_type_check_strictly(tmp_path: Path, committed: bool) -> None:
    made(Language.TYPESCRIPT, tmp_path)
    if committed:
        for path in generation.TYPESCRIPT.iterdir():
            assert path.read_text() == (tmp_path / PACKAGE / path.name).read_text()
    (tmp_path / "consumer.ts").write_text(TYPESCRIPT_CONSUMER)

    checked = subprocess.run(
        [
            str(TSC),
            "--strict",
            "--noEmit",
            "--noUncheckedIndexedAccess",
            "--exactOptionalPropertyTypes",
            *(str(path) for path in [*(tmp_path / PACKAGE).iterdir(), tmp_path / "consumer.ts"]),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stdout) == (0, "")


def test_bindings_are_the_same_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contracts = list(select_contracts(CheckoutRegistry(), ["OrderPlaced"]))
    here = generate_bindings(contracts, Language.PYTHON)
    monkeypatch.chdir(tmp_path)

    assert generate_bindings(contracts, Language.PYTHON) == here
    compile(here["orders.py"], "orders.py", "exec")


def test_bindings_are_of_the_chosen_events_alone() -> None:
    modules = generate_bindings(select_contracts(CheckoutRegistry(), ["OrderPlaced", "StockShort"]), Language.PYTHON)

    assert set(modules) == {"orders.py", "inventory.py"}
    assert "class OrderPlacedEvent(" in modules["orders.py"]
    assert "OrderShipped" not in modules["orders.py"]
