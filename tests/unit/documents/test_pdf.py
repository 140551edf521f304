"""PDFs: readable text, whole tables, the same bytes again."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from documents.pdf import Column, PdfDocument

pytestmark = pytest.mark.slow  # reportlab reads the fonts once, in half a second.


def document(rows: int = 2, name: str = "Zoë <b>& Søn</b>") -> PdfDocument:
    made = PdfDocument("Return slip", subject="Order 2A3C4D5E6F")
    made.add_address([name, "12 Hill Street", "97209 Portland"])
    made.add_facts({"Order": "2A3C4D5E6F"})
    made.add_table(
        [Column("Quantity", numeric=True), Column("Product", share=4)],
        [[str(row), f"Mug {row}"] for row in range(rows)],
    )
    made.add_totals({"Subtotal": "$1.00", "Total": "$2.00"})
    made.add_space(20)
    made.add_paragraph("Put this slip into the parcel.")
    return made


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_page_has_the_letterhead_and_all_that_was_added() -> None:
    (page,) = pages_of(document().render())

    for text in (
        *("e-com67, Inc.", "help@ecom67.example", "Return slip", "Zoë <b>& Søn</b>", "2A3C4D5E6F", "Mug 1"),
        *("$2.00", "Put this slip into the parcel.", "Page 1 of 1"),
    ):
        assert text in page


def test_a_long_table_goes_on_under_its_headings_and_loses_no_row() -> None:
    pages = pages_of(document(rows=100).render())

    assert len(pages) > 2
    written = "\n".join(pages)
    assert all(f"Mug {row}" in written for row in range(100))
    for number, page in enumerate(pages[:-1], start=1):
        assert "Quantity" in page
        assert f"Page {number} of {len(pages)}" in page


def test_the_same_contents_give_the_same_bytes() -> None:
    assert document().render() == document().render()


@pytest.mark.parametrize("name", ["x" * 2000, "&lt;&amp;", "山田太郎", "<para>", "\x00\u202e"])
def test_a_foreign_text_breaks_no_document(name: str) -> None:
    assert pages_of(document(name=name).render())


def test_a_reader_gets_title_subject_author_and_language() -> None:
    reader = PdfReader(BytesIO(document().render()))

    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.subject) == ("Return slip", "Order 2A3C4D5E6F")
    assert reader.metadata.author == "e-com67, Inc."
    assert str(reader.root_object["/Lang"]) == "en-US"
