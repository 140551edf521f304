"""The audit of a stage: it finds each damage by its kind and its ids, and nothing where nothing was damaged."""

import pytest

from tests.e2e.audit.books import DAMAGES, Books, Damage
from tests.e2e.events.operating import ecom67


def test_nothing_differs_in_a_shop_that_nobody_has_damaged(books: Books) -> None:
    report = books.audited()

    assert report.differences == []
    assert report.orders == 3
    assert report.products == 1


@pytest.mark.parametrize(("kind", "damage"), DAMAGES.values(), ids=[name.replace(" ", "-") for name in DAMAGES])
def test_a_damage_is_found_and_named(books: Books, kind: str, damage: Damage) -> None:
    with damage(books) as named:
        found = books.audited().differences

    sentences = [difference.sentence for difference in found if difference.kind == kind]
    assert sentences, found
    assert any(named in sentence for sentence in sentences), sentences


def test_the_command_names_the_differences_and_fails(books: Books) -> None:
    _, money_kept = DAMAGES["money kept of a cancelled order"]
    since = books.since.isoformat()

    with money_kept(books):
        said = ecom67(books.stage, "audit", "--since", since, "--wait", "0", code=1)
        listed = ecom67(books.stage, "audit", "--since", since, "--wait", "0", "--json", code=1).json()
    clean = ecom67(books.stage, "audit", "--since", since)

    assert f"MONEY_KEPT  Order {books.placed}: it is CANCELLED, and 3099 USD of its money is kept." in said.out
    assert {"MONEY_KEPT"} < {difference["kind"] for difference in listed["differences"]}
    assert "no difference" in clean.out
