"""Characters, separators and amounts of a file; what cannot be told is one sentence."""

import codecs
from io import BytesIO
from typing import Any

import pytest

from services.catalog.product_file.reader import read_product_file
from services.catalog.product_file.rows import FileRow, UnreadableFileError

AMBIGUOUS = (
    "it cannot be told whether the price '1,234' in line 2 is a thousand or has decimals; "
    "write all prices with two decimals"
)
NO_NAME = (
    "it has no column for the name and the price and the category; the first line has to name the columns, "
    "and it is: colour, size"
)

NO_PRICE = (
    "it has no column for the price; the first line has to name the columns, and it is: Handle, Title, Body (HTML)"
)


def values(content: bytes) -> list[Any]:
    return [row.values for row in read_product_file(BytesIO(content)).rows() if isinstance(row, FileRow)]


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        list(read_product_file(BytesIO(content)).rows())
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        ("name,price,category\nCafé,12.50\n".encode(), []),
        ("name,price,category\nCafé,12.50\n".encode("utf-8-sig"), []),
        (
            "name\tprice\tcategory\nCafé\t12.50\n".encode("utf-16"),
            ["UTF-16, because it is not UTF-8", "separated by tabs"],
        ),
        ("name,price,category\nCafé,12.50\n".encode("utf-16-le"), ["UTF-16, because it is not UTF-8"]),
        (
            codecs.BOM_UTF16_BE + "name,price,category\nCafé,12.50".encode("utf-16-be"),
            ["UTF-16, because it is not UTF-8"],
        ),
        ("name,price,category\nCafé,12.50\n".encode("cp1252"), ["Windows-1252, because it is not UTF-8"]),
        ("name;price;category\nCafé;12,50\n".encode(), ["separated by semicolons", "prices with decimal commas"]),
        (
            "sep=;\r\nname;price;category\r\nCafé;12,50\r\n".encode(),
            ["separated by semicolons", "prices with decimal commas"],
        ),
        (
            "sep=\t\nname\tprice\tcategory\nCafé\t12,50\n".encode("utf-16"),
            ["UTF-16, because it is not UTF-8", "separated by tabs", "prices with decimal commas"],
        ),
    ],
)
def test_a_spreadsheets_file_is_read_and_told_as_what(content: bytes, read_as: list[str]) -> None:
    assert values(content) == [{"name": "Café", "price": "12.50"}]
    assert read_product_file(BytesIO(content)).read_as == read_as


@pytest.mark.parametrize(
    "text", ["Größe 5 €", "“Crème brûlée” – naïve", "Señor", "½ l, 10 °C, it’s £5", "Søstrene Ærø"]
)
def test_western_text_is_known_however_short(text: str) -> None:
    assert values(f"name;price;category\n{text};1.00\n".encode("cp1252"))[0]["name"] == text


def test_central_european_text_is_not_taken_for_western() -> None:
    text = "Łopata żółta na śnieg, gęś i kość, źrebię i łąka"
    content = ("name;price;category\n" + f"{text};10,00\n" * 9).encode("cp1250")
    assert values(content)[0]["name"] == text


def test_cyrillic_of_an_older_windows_is_told_from_western() -> None:
    text = "name;price;category\n" + "".join(f"Чашка для чая номер {number};10,00\n" for number in range(20))
    content = text.encode("cp1251")
    assert values(content)[0]["name"] == "Чашка для чая номер 0"
    assert read_product_file(BytesIO(content)).read_as[0] == "Windows-1251, because it is not UTF-8"


@pytest.mark.parametrize(
    ("price", "read"),
    [
        ("12,50", "12.50"),
        ("1.299,00", "1299.00"),
        ("1 299,00", "1299.00"),
        ("1,299.00", "1299.00"),
        ("$12.50", "12.50"),
        ("12.50 USD", "12.50"),
        ("USD 1,299.00", "1299.00"),
        ("12.5000", "12.50"),
        ("12,50 €", {"amount": 1250, "currency": "EUR"}),
        ("free", "free"),
        ("9.999", "9.999"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(price: str, read: object) -> None:
    assert values(f"name\tprice\tcategory\nCup\t{price}\n".encode()) == [{"name": "Cup", "price": read}]


def test_what_may_be_a_thousand_is_told_by_the_other_prices() -> None:
    assert [row["price"] for row in values(b"name;price;category\na;1,234\nb;12.50\n")] == ["1234", "12.50"]
    assert [row["price"] for row in values(b"name;price;category\na;1.234\nb;12,50\n")] == ["1234", "12.50"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"name;price;category\n" + b"a;1,234\n" * 6008,
            AMBIGUOUS,
        ),
        (
            b"colour;size\n" + b"red;5\n" * 6008,
            NO_NAME,
        ),
        (
            b"Handle,Title,Body (HTML)\n" + b"a,A,\n" * 6008,
            NO_PRICE,
        ),
        (b"PK\x03\x04" + b"\0" * 30, "it is a workbook or an archive; save the table as CSV"),
        (b"<html><body>No feed</body></html>", "it is XML without items of a product feed"),
        (b"<rss><item>", "it is not XML that can be read: no element found: line 1, column 11"),
        ("name,price,category\n茶碗,1\n".encode("cp932"), "its encoding cannot be told; save it as UTF-8"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(content: bytes, said: str) -> None:
    assert refusal(content) == said


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><id>&b;</id></item></rss>'
    assert refusal(bomb).startswith("it is not XML that can be read")


def test_json_is_read_one_row_at_a_time_across_chunks() -> None:
    rows = ",".join(f'{{"name": "{"x" * 1000} {number}", "price": {number}.50}}' for number in range(200))
    assert [row["price"] for row in values(f"[{rows}]".encode())] == [f"{number}.50" for number in range(200)]


def test_one_object_a_line_is_json_too() -> None:
    assert values(b'{"name": "a", "price": 1}\n{"name": "b", "price": 2}\n') == [
        {"name": "a", "price": 1},
        {"name": "b", "price": 2},
    ]
