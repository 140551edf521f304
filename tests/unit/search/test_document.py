"""What the index holds of a product."""

from services.search.document import TIE_RANK_BITS, VERSION, ProductDocument, index_name, is_current_version
from tests.unit.search.conftest import document


def test_a_product_that_is_not_shown_leaves_a_mark_alone() -> None:
    gone = ProductDocument("mug", 4, None, 3, 2)

    assert gone.fields == {}
    assert gone.source == {"product": None, "available": 3, "sequence": 2}


def test_prices_and_times_sort_by_their_ranks() -> None:
    cheap, dear = document("mug", price={"amount": 999}), document("cup", price={"amount": 1000})
    old, new = document("mug"), document("cup", created_at="2026-11-23T09:30:00.001Z")

    assert cheap.fields["price_rank"] < dear.fields["price_rank"]
    assert old.fields["newest_rank"] < new.fields["newest_rank"]
    assert document("mug").fields["price_rank"] != document("cup").fields["price_rank"]
    assert document("mug", price={"amount": 10**14}).fields["price_rank"] < 1 << 63


def test_among_equals_what_is_in_stock_comes_first_and_then_the_shorter_name() -> None:
    sold_out = document("mug", available=0, name="Mug")
    long, short = document("mug", name="Blue Stoneware Mug"), document("mug", name="Blue Mug")

    ranks = [each.fields["tie_rank"] for each in (sold_out, long, short)]
    assert ranks == sorted(set(ranks))
    assert ranks[-1] < 1 << TIE_RANK_BITS


def test_an_index_is_named_after_its_form() -> None:
    assert index_name("20261125") == f"products-v{VERSION}-20261125"
    assert is_current_version(index_name("20261125"))
    assert not is_current_version(f"products-v{VERSION}0-20261125")


def test_completions_are_words_that_a_shopper_may_type() -> None:
    found = document("mug", name="Blue Mug, 300 ml", tags=["Gift idea"]).fields["completions"]

    assert found == ["coffee and tea", "culverhay pottery", "gift idea", "mug"]


def test_a_short_description_is_another_name_and_says_what_the_product_is() -> None:
    printer = document("fs", name="Esk FS-9130DN A3", description="FS-9130DN Laser Printer", tags=[])
    toner = document(
        "tk",
        name="Esk TK-70",
        description="The toner that keeps every page as sharp as on the first day of your laser printer",
    )

    assert "printer" in printer.fields["head"].split()
    assert "printer" not in toner.fields["head"].split()
    assert "printer" not in printer.fields["completions"]
