"""The knowledge base: sections of the help documents, retrieved by similarity to a question."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ecom67.local.standins.bedrock.ranking import Ranking

PREFIX = "help/"
FRESH_SECONDS = 5.0
"""Seconds after which the bucket is checked for changes."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A section of a document.

    Attributes:
        uri: S3 URI of the document.
        metadata: title and path of the document.
        heading: heading of the section; empty for the text before the first one.
        text: the section in Markdown.
    """

    uri: str
    metadata: dict[str, str]
    heading: str
    text: str

    @property
    def comparison_texts(self) -> list[str]:
        """Return the texts that a question is compared with: each sentence with its headings."""
        title = self.metadata.get("title", "")
        about = f"{title}. {self.heading}." if self.heading else f"{title}."
        return [f"{about} {sentence}" for sentence in sentences_of(self.text)]


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """A section with its similarity to the question, from 0 to 1."""

    section: Section
    score: float


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, without headings."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [sentence.strip() for line in lines for sentence in _SENTENCE.split(line) if sentence.strip()]


def sections_of(text: str, uri: str, metadata: dict[str, str]) -> list[Section]:
    """Return the sections of a Markdown document."""
    sections, heading, lines = [], "", list[str]()

    def close() -> None:
        if any(line.strip() for line in lines):
            head = [f"## {heading}"] if heading else []
            sections.append(Section(uri, metadata, heading, "\n".join([*head, *lines]).strip()))
        lines.clear()

    for line in text.splitlines():
        if line.startswith("## "):
            close()
            heading = line.removeprefix("## ").strip()
        elif not line.startswith("# "):
            lines.append(line)
    close()
    return sections


@dataclass(frozen=True, slots=True)
class BucketObject:
    """An object of the bucket: a document, or its metadata in ``<document>.metadata.json``."""

    uri: str
    text: str


class LocalKnowledgeBase:
    """All sections, loaded again when the bucket has changed.

    Parameters:
        ranking: compares questions with texts.
        read: returns the objects of the bucket; None where nothing has changed.
    """

    def __init__(self, ranking: Ranking, read: Callable[[], Sequence[BucketObject] | None]) -> None:
        self._ranking = ranking
        self._read = read
        self._sections: list[Section] = []
        self._read_at = float("-inf")

    def retrieve(self, question: str, count: int) -> list[RetrievalResult]:
        """Return the sections that are most similar to a question."""
        self._refresh()
        comparison_texts = [(section, text) for section in self._sections for text in section.comparison_texts]
        scores = self._ranking.scores(question, [text for _, text in comparison_texts])
        best: dict[Section, float] = {}
        for (section, _), score in zip(comparison_texts, scores, strict=True):
            best[section] = max(score, best.get(section, 0.0))
        results = [RetrievalResult(section, score) for section, score in best.items() if score > 0]
        return sorted(results, key=lambda result: -result.score)[:count]

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        objects = self._read()
        self._read_at = time.monotonic()
        if objects is not None:
            self._sections = _of_objects(objects)


def _of_objects(objects: Sequence[BucketObject]) -> list[Section]:
    contents = {each.uri: each.text for each in objects}
    found: list[Section] = []
    for uri, text in sorted(contents.items()):
        if uri.endswith(".md"):
            about: dict[str, Any] = json.loads(contents.get(f"{uri}.metadata.json", "{}"))
            found += sections_of(text, uri, about.get("metadataAttributes", {}))
    return found
