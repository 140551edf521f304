"""Each sentence of the help documents is judged, and what it promises is held.

``promises.csv`` has every sentence and who keeps it: ``people`` (staff, suppliers, the bank), nobody (``advice``), a
check of the shop in ``checks.py``, another test that shows it, or a check that holds only until the shop does it
(``later``). A sentence that is new or changed has no row, so it has to be judged again.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecom67.base.paths import ROOT
from ecom67.local.standins.bedrock.documents import sentences_of
from tests.contract.help.checks import LATER, PROMISED

FOLDERS = (ROOT / "content" / "help", ROOT / "content" / "legal")
TABLE = Path(__file__).with_name("promises.csv")
Row = tuple[str, str, str]


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(row["document"], row["sentence"], row["kept by"]) for row in csv.DictReader(file)]


def written() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for file in sorted(folder.glob("*.md")):
            for sentence in sentences_of(file.read_text(encoding="utf-8")):
                yield file.stem, sentence


def kept_by(kind: str) -> list[Row]:
    return [
        (document, sentence, by.partition(" ")[2]) for document, sentence, by in rows() if by.startswith(f"{kind} ")
    ]


def test_every_sentence_of_the_documents_is_judged_and_no_other() -> None:
    judged = [(document, sentence) for document, sentence, _ in rows()]

    assert sorted(set(written()) - set(judged)) == [], "judge these in promises.csv"
    assert sorted(set(judged) - set(written())) == [], "these are not in the documents any more"


def test_who_keeps_a_promise_is_known() -> None:
    kinds = {by if by in ("people", "advice") else by.partition(" ")[0] for _, _, by in rows()}

    assert kinds == {"people", "advice", "check", "later", "test"}


def test_no_check_is_left_without_a_sentence() -> None:
    assert {name for _, _, name in kept_by("check")} == PROMISED.keys()
    assert {name for _, _, name in kept_by("later")} == LATER.keys()


@pytest.mark.parametrize(("document", "sentence", "check"), kept_by("check"))
def test_what_is_promised_is_so(document: str, sentence: str, check: str) -> None:
    PROMISED[check](sentence)


@pytest.mark.parametrize(("document", "sentence", "check"), kept_by("later"))
def test_what_the_shop_does_not_do_yet_is_told_until_it_does(document: str, sentence: str, check: str) -> None:
    LATER[check](sentence)


@pytest.mark.parametrize("test", sorted({name for _, _, name in kept_by("test")}))
def test_a_promise_that_another_test_shows_has_that_test(test: str) -> None:
    file, _, name = test.partition("::")

    assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")
