"""Rows of files: JSON without floats, CSV with line numbers."""

from pathlib import Path
from typing import Any

import pytest

from ecom67.catalog.file import FileRow, UnreadableFileError, read_rows


def rows(folder: Path, name: str, text: str | bytes) -> list[FileRow]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rows(file)


def refusal(folder: Path, name: str, text: str | bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        rows(folder, name, text)
    return str(refused.value)


def values(found: list[FileRow]) -> list[Any]:
    return [row.values for row in found]


def test_json_rows_have_their_places_and_no_floats(tmp_path: Path) -> None:
    found = rows(tmp_path, "a.json", '[{"price": 9.99, "stock": 4}, {"price": 10}]')
    assert found == [FileRow(1, {"price": "9.99", "stock": 4}), FileRow(2, {"price": 10})]


@pytest.mark.parametrize("text", ['{"products": [{"a": 1}]}', '{"items": [{"a": 1}], "nextCursor": "x"}'])
def test_the_list_may_have_a_name(tmp_path: Path, text: str) -> None:
    assert values(rows(tmp_path, "A.JSON", text)) == [{"a": 1}]


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000])
def test_what_is_not_json_is_said(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, "a.json", text).startswith("it is not JSON: ")


@pytest.mark.parametrize("text", ["null", "{}", '"a"', '{"items": 5}'])
def test_json_without_a_list_is_said(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, "a.json", text) == "it is not an array of rows"


def test_csv_cells_become_fields_lists_and_members(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "a.csv",
        "name, price,tags,images,attributes.colour,attributes.size,stock\r\n"
        '"Lamp, small",9.90,desk | brass|,/a.png,brass,,7\r\n'
        "Mug,5\r\n",
    )
    assert values(found) == [
        {
            "name": "Lamp, small",
            "price": "9.90",
            "tags": ["desk", "brass"],
            "images": ["/a.png"],
            "attributes": {"colour": "brass"},
            "stock": "7",
        },
        {"name": "Mug", "price": "5"},
    ]


def test_csv_rows_have_the_line_at_which_they_begin(tmp_path: Path) -> None:
    text = 'name,description\nLamp,"two\nlines"\n\n , \nMug,\u2028\x0b one line\nTorch,x'
    assert [(row.number, row.values["name"]) for row in rows(tmp_path, "a.csv", text)] == [
        (2, "Lamp"),
        (6, "Mug"),
        (7, "Torch"),
    ]


def test_csv_of_a_spreadsheet_begins_with_a_mark(tmp_path: Path) -> None:
    assert values(rows(tmp_path, "a.csv", b"\xef\xbb\xbfname\nLamp\n")) == [{"name": "Lamp"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty; the first line names the columns"),
        ("\n\n", "it is empty; the first line names the columns"),
        ("name,name\na,b\n", "two columns are named 'name'"),
        ("name,\na,b\n", "a column has no name"),
        ("name,price\na,1\nb,1,000\n", "line 3 has 3 cells under 2 columns"),
        ('name\n"open', "it is not CSV: unexpected end of data"),
        ("attributes,attributes.size\na,b\n", "line 2 has both attributes and members of it"),
    ],
)
def test_what_is_wrong_with_csv_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert refusal(tmp_path, "a.csv", text) == said


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert rows(tmp_path, "a.csv", "name,price\n") == []


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.xlsx", "").endswith("a.xlsx is neither .json nor .csv")
    assert refusal(tmp_path, "a.csv", b"name\n\xff\n").endswith("a.csv is not written in UTF-8")
    with pytest.raises(UnreadableFileError, match=r"there is no file .*none\.json"):
        read_rows(tmp_path / "none.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UnreadableFileError, match="Is a directory"):
        read_rows(tmp_path / "folder.json")
