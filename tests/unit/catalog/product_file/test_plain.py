"""Files in the catalog's own layout: JSON without floats, tables with line numbers."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.catalog.product_file.reader import open_product_file, read_product_file
from services.catalog.product_file.rows import FileRow, LeftOutRow, UnreadableFileError


def rows(text: str | bytes) -> list[FileRow | LeftOutRow]:
    return list(read_product_file(BytesIO(text if isinstance(text, bytes) else text.encode())).rows())


def refusal(text: str | bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        rows(text)
    return str(refused.value)


def values(found: list[FileRow | LeftOutRow]) -> list[Any]:
    return [row.values for row in found if isinstance(row, FileRow)]


def test_json_rows_have_their_places_and_no_floats() -> None:
    found = rows('[{"price": 9.99, "stock": 4}, {"price": 10}]')
    assert found == [FileRow(1, {"price": "9.99", "stock": 4}), FileRow(2, {"price": 10})]


@pytest.mark.parametrize("text", ['{"products": [{"a": 1}]}', '{"items": [{"a": 1}], "nextCursor": "x"}'])
def test_the_list_may_have_a_name(text: str) -> None:
    assert values(rows(text)) == [{"a": 1}]


@pytest.mark.parametrize("text", ["[", "[" * 100_000])
def test_what_is_not_json_is_said(text: str) -> None:
    assert refusal(text).startswith("it is not JSON: ")


@pytest.mark.parametrize("text", ["{}", '{"items": 5}'])
def test_json_without_a_list_is_said(text: str) -> None:
    assert refusal(text) == "it is not an array of rows"


def test_csv_cells_become_fields_lists_and_members() -> None:
    found = rows(
        "name, price,tags,images,attributes.colour,attributes.size,stock,category\r\n"
        '"Lamp, small",9.90,desk | brass|,/a.png,brass,,7\r\n'
        "Mug,5\r\n",
    )
    assert values(found) == [
        {
            "name": "Lamp, small",
            "price": "9.90",
            "tags": "desk | brass|",
            "images": "/a.png",
            "attributes": {"colour": "brass"},
            "stock": "7",
        },
        {"name": "Mug", "price": "5"},
    ]


def test_csv_rows_have_the_line_at_which_they_begin() -> None:
    text = 'name,description,price,category\nLamp,"two\nlines"\n\n , \nMug,\u2028\x0b one line\nTorch,x'
    assert [(row.number, row.values["name"]) for row in rows(text) if isinstance(row, FileRow)] == [
        (2, "Lamp"),
        (6, "Mug"),
        (7, "Torch"),
    ]


def test_csv_of_a_spreadsheet_begins_with_a_mark() -> None:
    assert values(rows(b"\xef\xbb\xbfname,price,category\nLamp\n")) == [{"name": "Lamp"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty; the first line names the columns"),
        ("\n\n", "it is empty; the first line names the columns"),
        ("name,name\na,b\n", "two columns are named 'name'"),
        ("name,,price\na,b,1\n", "a column has no name"),
        ("name,price,category\na,1,x\nb,1,000,x\n", "line 3 has 4 cells under 3 columns"),
        ('name,price,category\n"open', "it is not CSV: unexpected end of data (line 2)"),
        ("name,attributes,attributes.size\nx,a,b\n", "there are columns both of attributes and of members of it"),
    ],
)
def test_what_is_wrong_with_csv_is_said(text: str, said: str) -> None:
    assert refusal(text) == said


def test_a_header_alone_has_no_rows() -> None:
    assert rows("name,price,category\n") == []


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(UnreadableFileError, match=r"there is no file .*none\.json"),
        open_product_file(tmp_path / "none.json"),
    ):
        pass
    with pytest.raises(UnreadableFileError, match="Is a directory"), open_product_file(tmp_path):
        pass
