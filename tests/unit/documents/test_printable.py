"""What the fonts lack is written in Latin letters."""

import pytest

from documents.printable import printable


def latin_greek(sign: str) -> bool:
    return ord(sign) < 0x600


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë Łukasz Ωμέγα", "Zoë Łukasz Ωμέγα"),
        ("Zoe\u0308", "Zoë"),
        ("12 山田 Street", "12 ShanTian Street"),
        ("שלום", "slvm"),
        ("mug\n☕", "mug :coffee:"),
        ("mug \u20dd", "mug ?"),
    ],
)
def test_a_text_can_be_read_in_every_script(text: str, written: str) -> None:
    assert printable(text, latin_greek) == written
