"""Prices that no source has named are removed, however the text is cut into pieces."""

from hypothesis import given
from hypothesis import strategies as st

from services.chat.price_guard import REPLACEMENT, PriceGuard, amounts_in

TOLD = "It costs $32.00, the big one $1,299.00; shipping is 5 dollars."
ANSWER = (
    "The cellar is $32.00 or 32 dollars,\n- the big one $1,299.00\n- not $45. Not 99 USD either,\nnor USD 7 or £3.\n\n"
    "12 uses, 88 in stock, 777 in all. It is 1,299 dollars\n"
)


def shown(pieces: list[str], guard: PriceGuard) -> str:
    return "".join([*(guard.feed(piece) for piece in pieces), guard.flush()])


def cut(text: str, sizes: list[int]) -> list[str]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    return [*pieces, text[at:]]


def test_amounts_are_found_in_every_way_they_are_written() -> None:
    assert amounts_in("$5, US$ 6.50, 7 dollars, USD 8.9, 1,200.00 USD, €3 and 12 cm") == {
        *(500, 650, 700, 890, 120000, 300),
    }


def test_a_named_price_passes_and_another_is_removed() -> None:
    guard = PriceGuard([TOLD])

    text = shown([ANSWER], guard)

    assert "$32.00 or 32 dollars" in text
    assert "$1,299.00" in text
    for invented in ("$45", "99 USD", "USD 7", "£3"):
        assert invented not in text
    assert text.count(REPLACEMENT) == guard.removed == 4


def test_a_tool_makes_its_amounts_known() -> None:
    guard = PriceGuard()
    guard.allow('{"price": "$45.00"}')

    assert shown(["It costs $45."], guard) == "It costs $45."


@given(st.lists(st.integers(min_value=1, max_value=9), max_size=80))
def test_it_does_not_matter_how_the_text_is_cut(sizes: list[int]) -> None:
    assert shown(cut(ANSWER, sizes), PriceGuard([TOLD])) == shown([ANSWER], PriceGuard([TOLD]))


@given(st.text(alphabet=" \n$5.,a9USD€x-*", max_size=60), st.lists(st.integers(min_value=1, max_value=5), max_size=40))
def test_nothing_but_prices_is_changed_or_lost(text: str, sizes: list[int]) -> None:
    everything = PriceGuard([text])

    assert shown(cut(text, sizes), everything) == text
