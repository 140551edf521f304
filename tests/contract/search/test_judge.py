"""Search judged by rated queries, with an engine and its index files in a folder."""

from pathlib import Path

import pytest
from rich.console import Console

from ecom67.search.judge.files import Product
from ecom67.search.judge.judgement import BOOSTED, OURS, judge
from ecom67.search.judge.report import print_report
from services.search.document import index_name
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.folder_index_store import FolderIndexStore


def test_search_is_judged_beside_bm25_and_the_worst_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    products = [Product("lamp", "Oak Lamp"), Product("mug", "Blue Mug"), Product("pot", "Tea Pot", brand="Esk")]
    ratings = {"lamp": {"lamp": 3, "mug": 0}, "esk": {"mug": 2, "gone": 3}, "mugs": {"lamp": 0}}

    judgement = judge(TantivyEngine(FolderIndexStore(tmp_path)), products, ratings)
    print_report(judgement, Console(width=200))

    assert judgement.judged == ["lamp", "esk"]
    assert (judgement.results[OURS]["lamp"].ndcg, judgement.results[OURS]["esk"].ndcg) == (1, 0)
    assert judgement.mean(BOOSTED, "ndcg") == 0.5
    assert judgement.difference(BOOSTED, "ndcg")[0] == 0
    assert judgement.worst(1) == ["esk"]
    assert judgement.as_dict()["byQuery"]["lamp"]["found"] == ["lamp"]
    printed = capsys.readouterr().out
    assert "3 products" in printed
    assert "wanted 2  mug  Blue Mug" in printed


def test_files_that_no_index_needs_are_swept(tmp_path: Path) -> None:
    engine = TantivyEngine(FolderIndexStore(tmp_path))
    judge(engine, [Product("lamp", "Oak Lamp")], {"lamp": {"lamp": 3}})
    other = index_name("2")
    engine.begin(other)
    engine.fill(other, [])
    engine.abandon(other)
    engine.sweep()

    assert [folder.name for folder in (tmp_path / "files").iterdir()] == [engine.indexes()[0]]
