"""How good the answers are: judged queries by NDCG@10, and mistyped ones by recall, each with a floor.

The judgements in ``relevance/`` are data: 3 is what was meant, 2 fits too, 1 will do. Those of products of another
catalogue count where ECOM67_REAL_PRODUCTS names a file of it, and a catalogue that others have rated where
ECOM67_JUDGED_CATALOGUE names its folder.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ecom67.search.judge.files import read_products, read_ratings
from ecom67.search.judge.judgement import BOOSTED, OURS, judge
from ecom67.search.judge.metrics import ndcg
from services.search.document import ProductDocument
from services.search.engine import Engine
from tests.artifacts import tell
from tests.contract.search.conftest import NewEngine
from tests.contract.search.products import catalogue, found, ids, product

FOLDER = Path(__file__).parent / "relevance"
JUDGED: list[dict[str, Any]] = json.loads((FOLDER / "judged.json").read_text())
MISTYPED: list[dict[str, str]] = json.loads((FOLDER / "mistyped.json").read_text())
WORDED: list[dict[str, str]] = json.loads((FOLDER / "worded.json").read_text())
NDCG_FLOOR = 0.92
RECALL_FLOOR = 0.95
FIRST_FLOOR = 14 / 15
STRANGERS = {"ndcg": 0.76, "ndcg_rated": 0.84}
"""Floors of NDCG@10 on a catalogue and ratings of others, with unrated products counted as wrong, and left out."""
JUDGED_FOLDER = Path(os.environ.get("ECOM67_JUDGED_CATALOGUE", "-"))
REAL = Path(os.environ.get("ECOM67_REAL_PRODUCTS", "-"))


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


@pytest.mark.parametrize("kind", sorted({each["kind"] for each in WORDED}))
def test_queries_in_words_and_words_written_together_find_what_is_wanted_first(stocked: Engine, kind: str) -> None:
    queries = [each for each in WORDED if each["kind"] == kind]
    missed = [each["query"] for each in queries if ids(found(stocked, each["query"], limit=1)) != [each["expected"]]]

    assert len(queries) >= 15
    assert 1 - len(missed) / len(queries) >= FIRST_FLOOR, missed


def test_relevance_carries_over_to_a_catalogue_of_others(new_engine: NewEngine) -> None:
    if not JUDGED_FOLDER.is_dir():
        pytest.skip("ECOM67_JUDGED_CATALOGUE names no folder with products.jsonl.gz and ratings.csv.")
    products = read_products(JUDGED_FOLDER / "products.jsonl.gz")
    judgement = judge(new_engine(), products, read_ratings(JUDGED_FOLDER / "ratings.csv"))

    for measure, floor in STRANGERS.items():
        assert judgement.mean(OURS, measure) >= floor
        assert judgement.difference(BOOSTED, measure)[1] > 0


def test_what_is_judged_is_there(corpus: list[ProductDocument]) -> None:
    held = {each.product_id for each in corpus}
    named = {each for judged in JUDGED for grade in "321" for each in judged.get(grade, [])}

    assert {each for each in named if not each.startswith("real-")} <= held
    assert {each["expected"] for each in MISTYPED} <= held
    assert len({judged["query"] for judged in JUDGED}) == len(JUDGED)


def _name(engine: Engine) -> str:
    return type(engine).__module__.split(".")[2]
