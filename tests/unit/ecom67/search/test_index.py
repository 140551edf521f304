"""The search index of a stage: when it has to be rebuilt, and how a rebuild ends."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.search.index import SearchIndex

Answers = dict[str, dict[str, Any]]
EVERYTHING = {"outcome": "DONE", "seen": 0, "expected": 0, "missing": [], "outdated": [], "orphans": []}


class Functions:
    """AWS Lambda with search's function, which answers each action as it is told to."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.taken: list[str] = []

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - botocore's
        action = json.loads(Payload)["input"]["action"]
        self.taken.append(action)
        said = EVERYTHING | self.answers.get(action, {})
        return {"Payload": BytesIO(json.dumps(said).encode())}


def silent(title: str, seen: int, total: int | None) -> None:
    """Show nothing."""


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"compare": {"outcome": "OUTDATED"}}, "The index is of another version than the code."),
        ({"compare": {"seen": 3, "missing": ["mug", "cup"]}}, "The index lacks most products of the catalog."),
        ({"compare": {"seen": 3, "missing": ["mug"]}}, None),
        ({"compare": {"seen": 0}}, None),
    ],
)
def test_what_cannot_be_answered_from_has_to_be_built_anew(answers: Answers, sentence: str | None) -> None:
    assert SearchIndex(Functions(answers), "arn").rebuild_reason() == sentence


def test_a_rebuild_compares_before_it_goes_live() -> None:
    functions = Functions({"begin": {"index": "products-v1-now", "expected": 3}, "fill": {"seen": 3}})

    assert SearchIndex(functions, "arn").rebuild(silent, grace_seconds=0) == ("products-v1-now", 3)
    assert functions.taken == ["begin", "fill", "compare", "go-live", "sweep"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"outcome": "SUPERSEDED"}, "Somebody else has begun"),
        ({"outcome": "UNAVAILABLE"}, "does not answer"),
        ({"missing": ["mug"]}, "changes faster than it can be followed: 1 products differ"),
    ],
)
def test_a_rebuild_that_cannot_be_finished_is_given_up(answer: dict[str, Any], sentence: str) -> None:
    functions = Functions({"begin": {"index": "products-v1-now"}, "compare": answer})

    with pytest.raises(CliError, match=sentence):
        SearchIndex(functions, "arn").rebuild(silent, grace_seconds=0)
    assert functions.taken[-1] == "abandon"
    assert "go-live" not in functions.taken


@pytest.mark.parametrize(
    "use", [lambda index: index.rebuild_reason(), lambda index: index.compare(silent, repair=True)]
)
def test_an_engine_that_is_away_is_told_of(use: Callable[[SearchIndex], object]) -> None:
    away = {"outcome": "UNAVAILABLE"}

    with pytest.raises(CliError, match="The search engine does not answer"):
        use(SearchIndex(Functions({"compare": away}), "arn"))
