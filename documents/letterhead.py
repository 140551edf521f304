"""Who runs the shop, as the imprint says it: one text for the page and for every document."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

IMPRINT = Path(__file__).parent.parent / "content" / "legal" / "imprint.md"
COMPANY = "Who runs this shop"
CONTACT = "How to reach us"
REGISTRATION = "Who answers for the content"


class ImprintError(Exception):
    """The imprint lacks what every document names; the text says what."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender of a document.

    Attributes:
        company: its name.
        address: the lines below it.
        contact: a line each way of reaching it.
        registration: where it is registered, and who answers for it.
    """

    company: str
    address: tuple[str, ...]
    contact: tuple[str, ...]
    registration: tuple[str, ...]


@cache
def letterhead() -> Letterhead:
    """Return the letterhead of the imprint; raises ImprintError where it lacks a section, OSError without a file."""
    return parse_letterhead(IMPRINT.read_text(encoding="utf-8"))


def parse_letterhead(imprint: str) -> Letterhead:
    """Return the letterhead of an imprint in Markdown; raises ImprintError where it lacks a section.

    Parameters:
        imprint: its text, with a heading of the second level over each section.
    """
    sections: dict[str, list[str]] = {}
    for line in imprint.splitlines():
        if line.startswith("## "):
            sections[line.removeprefix("## ").strip()] = []
        elif line.strip() and sections:
            sections[list(sections)[-1]].append(line.strip())
    for heading in (COMPANY, CONTACT, REGISTRATION):
        if not sections.get(heading):
            raise ImprintError(f"the imprint has nothing under “{heading}”")
    company, *address = sections[COMPANY]
    return Letterhead(company, tuple(address), tuple(sections[CONTACT]), tuple(sections[REGISTRATION]))
