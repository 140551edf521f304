"""The sender of documents is the imprint's."""

import pytest

from documents.letterhead import ImprintError, letterhead, parse_letterhead


def test_the_letterhead_is_the_shops_imprint() -> None:
    head = letterhead()

    assert head.company == "e-com67, Inc."
    assert head.address[-1] == "United States"
    assert any("@" in line for line in head.contact)
    assert "Registered" in " ".join(head.registration)


def test_an_imprint_without_a_section_is_refused_by_its_name() -> None:
    with pytest.raises(ImprintError, match="How to reach us"):
        parse_letterhead("# Imprint\n\n## Who runs this shop\nA shop\nA street\n")
