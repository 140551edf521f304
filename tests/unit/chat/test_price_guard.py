"""No price passes that nobody has told, however the text is cut into pieces."""

from hypothesis import given
from hypothesis import strategies as st

from services.chat.price_guard import UNTOLD, Figures, amounts_in

TOLD = "It costs $32.00, the big one $1,299.00; shipping is 5 dollars."
ANSWER = (
    "The cellar is $32.00 or 32 dollars,\n- the big one $1,299.00\n- not $45. Not 99 USD either,\nnor USD 7 or £3.\n\n"
    "12 uses, 88 in stock, 777 in all. It is 1,299 dollars\n"
)


def shown(pieces: list[str], figures: Figures) -> str:
    return "".join([*(figures.pass_on(piece) for piece in pieces), figures.rest()])


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


def test_a_price_that_was_told_passes_and_another_is_left_out() -> None:
    figures = Figures([TOLD])

    text = shown([ANSWER], figures)

    assert "$32.00 or 32 dollars" in text
    assert "$1,299.00" in text
    for invented in ("$45", "99 USD", "USD 7", "£3"):
        assert invented not in text
    assert text.count(UNTOLD) == figures.left_out == 4


def test_a_tool_makes_its_amounts_known() -> None:
    figures = Figures()
    figures.learn('{"price": "$45.00"}')

    assert shown(["It costs $45."], figures) == "It costs $45."


@given(st.lists(st.integers(min_value=1, max_value=9), max_size=80))
def test_it_does_not_matter_how_the_text_is_cut(sizes: list[int]) -> None:
    assert shown(cut(ANSWER, sizes), Figures([TOLD])) == shown([ANSWER], Figures([TOLD]))


@given(st.text(alphabet=" \n$5.,a9USD€x-*", max_size=60), st.lists(st.integers(min_value=1, max_value=5), max_size=40))
def test_nothing_but_prices_is_changed_or_lost(text: str, sizes: list[int]) -> None:
    everything = Figures([text])

    assert shown(cut(text, sizes), everything) == text
