"""Judging search by rated queries."""

import gzip
import json
import math
from pathlib import Path

import pytest

from ecom67.base.errors import CliError
from ecom67.search.judge.bm25 import Bm25
from ecom67.search.judge.files import Product, read_products, read_ratings
from ecom67.search.judge.metrics import interval_of_mean, ndcg, percentiles, recall


def test_gain_counts_an_unrated_product_as_wrong() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1}) == 1
    assert ndcg(["x", "a"], {"a": 3}) == pytest.approx(1 / math.log2(3))
    assert ndcg(["x"], {"a": 3}) == 0


def test_recall_is_of_as_many_as_there_is_room_for() -> None:
    assert recall(["a", "b"], {"a": 1, "b": 3, "c": 2, "d": 0}) == pytest.approx(2 / 3)
    assert recall([str(each) for each in range(10)], dict.fromkeys(map(str, range(40)), 1)) == 1


def test_the_interval_of_a_mean_is_repeatable_and_holds_it() -> None:
    values = [0.1, 0.4, -0.1, 0.3, 0.2, 0.0]
    low, high = interval_of_mean(values, 500)

    assert (low, high) == interval_of_mean(values, 500)
    assert low < sum(values) / len(values) < high
    assert interval_of_mean([0.5] * 4, 100) == (0.5, 0.5)


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentiles([float(each) for each in range(1, 101)]) == (50.5, 95)


def test_bm25_weighs_a_rare_word_more_and_a_longer_text_less() -> None:
    index = Bm25({"rare": "oak lamp", "common": "desk lamp", "long": "desk lamp of many words", "other": "lamp"})

    assert index.search("oak lamp")[0] == "rare"
    assert index.search("desk")[:2] == ["common", "long"]
    assert index.search("nothing") == []


def test_products_are_read_from_json_lines_compressed_or_not(tmp_path: Path) -> None:
    rows = [{"id": 1, "title": "Mug", "price": 1200, "attributes": {"colour": "Red"}}, {"id": "2", "name": "Pot"}]
    text = "\n".join(map(json.dumps, rows))
    (tmp_path / "a.jsonl").write_text(text + "\n\n")
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.write(text)

    expected = [Product("1", "Mug", price=1200, attributes={"colour": "Red"}), Product("2", "Pot")]
    assert read_products(tmp_path / "a.jsonl") == read_products(tmp_path / "a.jsonl.gz") == expected


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "title": "Mug", "price": "dear"}'])
def test_a_line_that_is_no_product_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"id": 0, "title": "Mug"}}\n{line}\n')

    with pytest.raises(CliError, match=r"line 2: no product"):
        read_products(tmp_path / "a.jsonl")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("query,id\nmug,1\n", "needs the columns"),
        ("query,id,rating\nmug,1,good\n", "line 2: the rating 'good'"),
        ("query,id,rating\nmug,1,-1\n", "line 2: the rating '-1'"),
        ("query,id,rating\n", "no ratings"),
    ],
)
def test_a_file_of_ratings_that_cannot_be_used_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "r.csv").write_text(content)

    with pytest.raises(CliError, match=message):
        read_ratings(tmp_path / "r.csv")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="cannot be read"):
        read_products(tmp_path / "none.jsonl")
