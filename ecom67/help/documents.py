"""The help documents of ``content/help``, and their upload into the bucket of the chat's knowledge base."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecom67.base.paths import ROOT

DOCUMENTS = ROOT / "content" / "help"
PREFIX = "help/"


@dataclass(frozen=True, slots=True)
class HelpDocument:
    """A help document.

    Attributes:
        name: its name in the shop's URL ``/help/<name>``.
        text: Markdown; the first line is the title.
    """

    name: str
    text: str

    @property
    def title(self) -> str:
        """Return its title."""
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    def objects(self) -> Iterator[tuple[str, bytes, str]]:
        """Yield key, content and content type of two S3 objects: the document, and its metadata for Bedrock."""
        attributes = {"title": self.title, "path": f"/help/{self.name}"}
        metadata = json.dumps({"metadataAttributes": attributes}, ensure_ascii=False)
        yield f"{PREFIX}{self.name}.md", self.text.encode(), "text/markdown; charset=utf-8"
        yield f"{PREFIX}{self.name}.md.metadata.json", metadata.encode(), "application/json"


def load_documents(folder: Path = DOCUMENTS) -> list[HelpDocument]:
    """Return the help documents, sorted by name."""
    return [HelpDocument(file.stem, file.read_text()) for file in sorted(folder.glob("*.md"))]


def upload(s3: Any, bucket: str, folder: Path = DOCUMENTS) -> int:
    """Synchronise the bucket with the documents; return the number of objects put or deleted.

    Parameters:
        s3: the S3 client.
        bucket: bucket of the knowledge base.
        folder: folder of the documents.
    """
    wanted = {key: (content, kind) for document in load_documents(folder) for key, content, kind in document.objects()}
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    present = {stored["Key"]: stored["ETag"].strip('"') for page in pages for stored in page.get("Contents", [])}
    changed = [key for key, (content, _) in wanted.items() if present.get(key) != _etag(content)]
    for key in changed:
        content, kind = wanted[key]
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind)
    obsolete = sorted(present.keys() - wanted.keys())
    for key in obsolete:
        s3.delete_object(Bucket=bucket, Key=key)
    return len(changed) + len(obsolete)


def _etag(content: bytes) -> str:
    # S3's ETag of an object that was uploaded in one part.
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
