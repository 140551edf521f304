"""How good the answers are: judged queries by NDCG@10, and mistyped ones by recall, each with a floor.

The judgements in ``relevance/`` are data: 3 is what was meant, 2 fits too, 1 will do. Those of products of another
catalogue count where ECOM67_REAL_PRODUCTS names a file of it.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.search.document import ProductDocument
from services.search.engine import Engine
from tests.artifacts import tell
from tests.contract.search.conftest import NewEngine
from tests.contract.search.products import catalogue, found, ids, product

FOLDER = Path(__file__).parent / "relevance"
JUDGED: list[dict[str, Any]] = json.loads((FOLDER / "judged.json").read_text())
MISTYPED: list[dict[str, str]] = json.loads((FOLDER / "mistyped.json").read_text())
NDCG_FLOOR = 0.92
RECALL_FLOOR = 0.95
REAL = Path(os.environ.get("ECOM67_REAL_PRODUCTS", "-"))
Grades = Mapping[str, int]


def real_products() -> list[ProductDocument]:
    """Return the products of the other catalogue; none where there is no such file."""
    if not REAL.is_file():
        return []
    return [
        ProductDocument(
            f"real-{row['id']}",
            1,
            product(
                f"real-{row['id']}",
                name=row["title"],
                description=row["description"],
                category=row["category"],
                brand=row.get("brand", ""),
                tags=row["tags"],
                price={"amount": round(row["price"] * 100)},
            ),
            row["stock"],
            1,
        )
        for row in json.loads(REAL.read_text())
    ]


@pytest.fixture(scope="module")
def corpus() -> list[ProductDocument]:
    return [*catalogue(), *real_products()]


@pytest.fixture(scope="module")
def filled(new_engine: NewEngine, corpus: list[ProductDocument]) -> Engine:
    engine = new_engine()
    engine.write(corpus)
    return engine


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return the discounted gain of a ranking, as a share of that of the best there could be."""

    def gain(values: Sequence[int]) -> float:
        return sum((2.0**value - 1) / math.log2(place + 2) for place, value in enumerate(values[:depth]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(each, 0) for each in ranking]) / best


def test_gain_is_as_it_is_defined() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1}) == 1
    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx((1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3)))
    assert ndcg(["c"], {"a": 1}) == 0


def test_judged_queries_are_answered_well(filled: Engine, corpus: list[ProductDocument]) -> None:
    held = {each.product_id for each in corpus}
    results = {}
    for judged in JUDGED:
        grades = {each: int(grade) for grade in "321" for each in judged.get(grade, []) if each in held}
        if grades:
            results[judged["query"]] = ndcg(ids(found(filled, judged["query"], limit=10)), grades)
    mean = sum(results.values()) / len(results)
    worst = sorted(results, key=lambda query: results[query])[:8]

    tell(
        f"search-relevance-{_name(filled)}",
        [
            f"{_name(filled)}: NDCG@10 {mean:.3f} over {len(results)} judged queries of {len(held)} products",
            "the worst: " + ", ".join(f"{query} {results[query]:.2f}" for query in worst),
        ],
    )
    assert len(results) >= 80
    assert mean >= NDCG_FLOOR


def test_mistyped_queries_find_what_was_meant(filled: Engine) -> None:
    missed = [each["query"] for each in MISTYPED if each["expected"] not in ids(found(filled, each["query"], limit=10))]
    recall = 1 - len(missed) / len(MISTYPED)

    tell(
        f"search-typos-{_name(filled)}",
        [
            f"{_name(filled)}: recall@10 {recall:.3f} over {len(MISTYPED)} mistyped queries",
            f"missed: {', '.join(missed) or 'none'}",
        ],
    )
    assert recall >= RECALL_FLOOR


def test_what_is_judged_is_there(corpus: list[ProductDocument]) -> None:
    held = {each.product_id for each in corpus}
    named = {each for judged in JUDGED for grade in "321" for each in judged.get(grade, [])}

    assert {each for each in named if not each.startswith("real-")} <= held
    assert {each["expected"] for each in MISTYPED} <= held
    assert len({judged["query"] for judged in JUDGED}) == len(JUDGED)


def _name(engine: Engine) -> str:
    return type(engine).__module__.split(".")[2]
