"""Patterns and events to match with each other: the shop's own, those of the docs, and events that nobody expects."""

import ast
import copy
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.constructs.paths import ROOT
from schemas.exporters.examples import envelope, example
from schemas.registry import event_classes
from tests.infra.synthesis import Shop
from tests.unit.bus.stream import record

Json = dict[str, Any]
SUBSCRIBING = ROOT / "docs" / "subscribing.md"
LOYALTY = ROOT / "docs" / "examples" / "loyalty.py"
ORDER = "orders/OrderPlaced"
ENVELOPE = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Something",
    "source": "other.team",
    "account": "123456789012",
    "time": "2030-03-14T09:26:53Z",
    "region": "us-east-1",
    "resources": [],
}
FOREIGN: Mapping[str, Json] = {
    "of another team": {"detail": {"orderId": "1", "data": {"total": {"amount": 37800}}}},
    "with our prefix": {"source": "ecom67.loyalty", "detail": {"metadata": {}, "data": {}}},
    "with almost our prefix": {"source": "ecom67", "detail-type": "OrderPlaced", "detail": {}},
    "with our type alone": {"source": "aws.orders", "detail-type": "OrderPlaced", "detail": {"data": None}},
    "in other letters": {"source": "ecom67.Orders", "detail-type": "orderPlaced", "detail": {}},
    "of S3": {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "resources": ["arn:aws:s3:::ecom67-dev-reports"],
        "detail": {"bucket": {"name": "ecom67-dev-reports"}, "object": {"key": "a b/ü.csv", "size": 0}},
    },
    "without detail": {"source": "ecom67.orders", "detail": {}},
}
VALUES: Mapping[str, Any] = {
    "null": None,
    "an empty text": "",
    "letters of elsewhere": "Čaj “Ω” 茶 🍵",
    "zero": 0,
    "a float": 37800.0,
    "an exponent": 3.78e4,
    "true": True,
    "a text of digits": "37800",
    "an empty list": [],
    "a list with null": [None, 37800],
    "lists in lists": [[37800], ["Ω"]],
    "an object": {"amount": 37800},
}
PATTERNS: Mapping[str, Json] = {
    "exact": {"detail": {"data": {"orderId": ["k5xw2zlomuqhg3tbnfwca4df"]}}},
    "exact number": {"detail": {"data": {"total": {"amount": [37800]}}}},
    "exact float": {"detail": {"data": {"total": {"amount": [37800.0]}}}},
    "null": {"detail": {"data": {"total": {"amount": [None]}}}},
    "empty": {"detail": {"data": {"total": {"amount": [""]}}}},
    "true": {"detail": {"data": {"total": {"amount": [True]}}}},
    "prefix": {"source": [{"prefix": "ecom67."}]},
    "prefix, any case": {"source": [{"prefix": {"equals-ignore-case": "ECOM67.OR"}}]},
    "suffix": {"source": [{"suffix": "orders"}]},
    "any case": {"detail-type": [{"equals-ignore-case": "ORDERPLACED"}]},
    "wildcard": {"detail-type": [{"wildcard": "Order*ed"}]},
    "anything but": {"source": [{"anything-but": ["ecom67.orders", "aws.s3"]}]},
    "anything but a number": {"detail": {"data": {"total": {"amount": [{"anything-but": 37800}]}}}},
    "anything but a prefix": {"source": [{"anything-but": {"prefix": "ecom67."}}]},
    "anything but a suffix": {"detail-type": [{"anything-but": {"suffix": "ed"}}]},
    "anything but wildcards": {"detail-type": [{"anything-but": {"wildcard": "*ed"}}]},
    "anything but, any case": {"detail-type": [{"anything-but": {"equals-ignore-case": "orderplaced"}}]},
    "numeric": {"detail": {"data": {"total": {"amount": [{"numeric": [">", 0, "<=", 37800]}]}}}},
    "numeric equal": {"detail": {"data": {"total": {"amount": [{"numeric": ["=", 3.78e4]}]}}}},
    "exists": {"detail": {"data": {"total": {"amount": [{"exists": True}]}}}},
    "exists no more": {"detail": {"data": {"total": {"amount": [{"exists": False}]}}}},
    "no replay": {"source": [{"prefix": "ecom67."}], "replay-name": [{"exists": False}]},
    "no leaf": {"detail": {"data": {"total": [{"exists": True}]}}},
    "in a list": {"detail": {"data": {"lines": {"unitPrice": {"amount": [18900]}, "quantity": [2]}}}},
    "several": {"detail": {"data": {"total": {"amount": [1, None, {"prefix": "3"}, {"numeric": ["<", 1]}]}}}},
    "or": {"$or": [{"source": ["aws.s3"]}, {"detail": {"data": {"cancelledBy": ["SHOPPER"]}}}]},
    "or below": {"detail": {"$or": [{"data": {"carrier": [{"exists": True}]}}, {"bucket": {"name": ["x"]}}]}},
    "or of more": {"source": ["ecom67.orders"], "$or": [{"detail-type": ["OrderPlaced"]}, {"region": ["x"]}]},
    "resources": {"resources": [{"prefix": "arn:aws:s3:::"}]},
    "no such key": {"nonesuch": [{"exists": False}]},
}
"""Every operator that EventBridge documents."""
REFUSED: Mapping[str, Any] = {
    "an operator that there is not": {"source": [{"prefx": "a"}]},
    "no list": {"source": "ecom67.orders"},
    "an empty list": {"source": []},
    "an empty pattern": {},
    "exists of a text": {"source": [{"exists": "yes"}]},
    "numeric without an operator": {"detail": {"a": [{"numeric": [1]}]}},
    "two wildcards in a row": {"source": [{"wildcard": "a**b"}]},
    "a list": [],
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A pattern that the docs say is judged otherwise by the emulator than by AWS.

    Attributes:
        pattern: the pattern.
        event: the event, or the record of a stream.
        emulated: whether the emulator matches it.
        in_aws: whether AWS does.
    """

    pattern: Json
    event: Json
    emulated: bool
    in_aws: bool


def event_patterns(shops: Mapping[str, Shop]) -> dict[str, Json]:
    """Return the event patterns of all templates: of rules and archives."""
    found = {
        f"{shop.stage} {template.service} {name}": properties["EventPattern"]
        for shop in shops.values()
        for kind in ("AWS::Events::Rule", "AWS::Events::Archive")
        for template, name, properties in shop.of_type(kind)
        if "EventPattern" in properties
    }
    assert found
    return found


def stream_filters(shops: Mapping[str, Shop]) -> dict[str, Json]:
    """Return the filters of all templates' event sources."""
    found = {
        f"{shop.stage} {template.service} {name} {number}": json.loads(given["Pattern"])
        for shop in shops.values()
        for template, name, properties in shop.of_type("AWS::Lambda::EventSourceMapping")
        for number, given in enumerate(properties.get("FilterCriteria", {}).get("Filters", []))
    }
    assert found
    return found


def patterns_of_docs() -> dict[str, Json]:
    """Return the patterns that the docs tell to use: in commands, and in the example of a service."""
    found: dict[str, Json] = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        for command in re.findall(r"ecom67 events match '.*", path.read_text()):
            found[f"{path.name} {len(found)}"] = json.loads(shlex.split(command)[3])
    for node in ast.walk(ast.parse(LOYALTY.read_text())):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pattern":
            found[LOYALTY.name] = ast.literal_eval(node.value)
    assert len(found) > 1
    return found


def differences_of_docs() -> list[Difference]:
    """Return the rows of the docs' tables of differences."""
    rows = re.findall(
        r"^\|.*\| `(\{.*\})` \| `(\{.*\})` \| (yes|no) \| (yes|no) \|$", SUBSCRIBING.read_text(), re.MULTILINE
    )
    return [
        Difference(json.loads(pattern), json.loads(event), emulated == "yes", in_aws == "yes")
        for pattern, event, emulated, in_aws in rows
    ]


def all_events() -> dict[str, Json]:
    """Return the committed examples, the shortest of each event, events at the edge, and those of others."""
    committed = {
        f"{path.parent.name}/{path.name.partition('.')[0]}": json.loads(path.read_text())
        for path in sorted((ROOT / "schemas" / "examples").glob("*/*.json"))
    }
    assert len(committed) == len(list(event_classes()))
    foreign = {name: whole(event) for name, event in FOREIGN.items()}
    return {**committed, **dict(_shortest()), **dict(_edges(committed[ORDER])), **foreign}


def _shortest() -> Iterator[tuple[str, Json]]:
    for event in event_classes():
        short = envelope(event)
        short["detail"]["data"] = json.loads(example(event, full=False).model_dump_json(by_alias=True))
        yield f"shortest {event.detail_type()}", short


def _edges(order: Json) -> Iterator[tuple[str, Json]]:
    yield "replayed", {**order, "replay-name": "20300314T092653-ab12"}
    for name, value in VALUES.items():
        edge = copy.deepcopy(order)
        edge["detail"]["data"]["total"]["amount"] = value
        yield f"with {name}", edge
        edge = copy.deepcopy(order)
        edge["detail"]["data"]["lines"] = value
        yield f"with {name} for lines", edge
    two = copy.deepcopy(order)
    (line,) = two["detail"]["data"]["lines"]
    two["detail"]["data"]["lines"] = [{**line, "quantity": 1}, {**line, "unitPrice": {"amount": 1}}]
    yield "with two lines, of which none is what is asked for", two


def whole(event: Json) -> Json:
    """Return an event with all that EventBridge adds to each."""
    return {**ENVELOPE, **event}


def all_records() -> dict[str, Json]:
    """Return records of a table's stream."""
    inserted = record(1, "order-1", "event-1")
    removed = copy.deepcopy(record(2, "order-1", "event-1", old=["event-1"]))
    removed["eventName"] = "REMOVE"
    del removed["dynamodb"]["NewImage"]
    moved = copy.deepcopy(record(7, "order-1", outbox=False))
    moved["dynamodb"]["NewImage"]["movement"] = {"S": "{}"}
    shown = copy.deepcopy(record(8, "order-1", outbox=False))
    shown["dynamodb"]["NewImage"]["changesIndex"] = {"S": "yes"}
    return {
        "inserted": inserted,
        "inserted without events": record(3, "order-1", outbox=False),
        "modified": record(4, "order-1", "event-2", old=["event-1"]),
        "modified, its events as they were": record(5, "order-1", "event-1", old=["event-1"]),
        "modified without events": record(6, "order-1", old=["event-1"], outbox=False),
        "removed": removed,
        "moved units": moved,
        "changed what search shows": shown,
    }
