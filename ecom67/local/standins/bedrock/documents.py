"""The knowledge base: the documents of the bucket in passages, found by their nearness to a question."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ecom67.local.standins.bedrock.ranking import Ranking

PREFIX = "help/"
FRESH_SECONDS = 5.0
"""After this long the bucket is looked at again."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A section of a document.

    Attributes:
        uri: of the document in its bucket.
        metadata: of the document: title and path.
    """

    uri: str
    metadata: dict[str, str]
    heading: str
    text: str

    @property
    def probes(self) -> list[str]:
        """Return what a question is compared with: each sentence under its headings."""
        title = self.metadata.get("title", "")
        about = f"{title}. {self.heading}." if self.heading else f"{title}."
        return [f"{about} {sentence}" for sentence in sentences_of(self.text)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, and how near it is to the question, from 0 to 1."""

    passage: Passage
    score: float


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text, without headings."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [sentence.strip() for line in lines for sentence in _SENTENCE.split(line) if sentence.strip()]


def passages_of(text: str, uri: str, metadata: dict[str, str]) -> list[Passage]:
    """Return the sections of a document in Markdown, each with its heading."""
    passages, heading, lines = [], "", list[str]()

    def close() -> None:
        if any(line.strip() for line in lines):
            head = [f"## {heading}"] if heading else []
            passages.append(Passage(uri, metadata, heading, "\n".join([*head, *lines]).strip()))
        lines.clear()

    for line in text.splitlines():
        if line.startswith("## "):
            close()
            heading = line.removeprefix("## ").strip()
        elif not line.startswith("# "):
            lines.append(line)
    close()
    return passages


@dataclass(frozen=True, slots=True)
class Object:
    """An object of the bucket: a document, or what is known of one in ``<document>.metadata.json``."""

    uri: str
    text: str


class Documents:
    """All passages, read anew when the bucket has changed.

    Parameters:
        ranking: compares.
        read: returns the objects of the bucket; None where nothing has changed.
    """

    def __init__(self, ranking: Ranking, read: Callable[[], Sequence[Object] | None]) -> None:
        self._ranking = ranking
        self._read = read
        self._passages: list[Passage] = []
        self._read_at = float("-inf")

    def near(self, question: str, wanted: int) -> list[Hit]:
        """Return the passages that are nearest to a question."""
        self._refresh()
        probes = [(passage, probe) for passage in self._passages for probe in passage.probes]
        scores = self._ranking.scores(question, [probe for _, probe in probes])
        best: dict[Passage, float] = {}
        for (passage, _), score in zip(probes, scores, strict=True):
            best[passage] = max(score, best.get(passage, 0.0))
        hits = [Hit(passage, score) for passage, score in best.items() if score > 0]
        return sorted(hits, key=lambda hit: -hit.score)[:wanted]

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        objects = self._read()
        self._read_at = time.monotonic()
        if objects is not None:
            self._passages = _of_objects(objects)


def _of_objects(objects: Sequence[Object]) -> list[Passage]:
    contents = {each.uri: each.text for each in objects}
    found: list[Passage] = []
    for uri, text in sorted(contents.items()):
        if uri.endswith(".md"):
            about: dict[str, Any] = json.loads(contents.get(f"{uri}.metadata.json", "{}"))
            found += passages_of(text, uri, about.get("metadataAttributes", {}))
    return found
