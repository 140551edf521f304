"""The help documents, and how they get into the bucket of the chat's knowledge base."""

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
class Document:
    """A help document.

    Attributes:
        name: by which the shop shows it, under ``/help/<name>``.
        text: in Markdown; its first line is the title.
    """

    name: str
    text: str

    @property
    def title(self) -> str:
        """Return its title."""
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    def objects(self) -> Iterator[tuple[str, bytes, str]]:
        """Yield the key, the content and the type of the document and of what Bedrock is to know of it."""
        attributes = {"title": self.title, "path": f"/help/{self.name}"}
        metadata = json.dumps({"metadataAttributes": attributes}, ensure_ascii=False)
        yield f"{PREFIX}{self.name}.md", self.text.encode(), "text/markdown; charset=utf-8"
        yield f"{PREFIX}{self.name}.md.metadata.json", metadata.encode(), "application/json"


def documents(folder: Path = DOCUMENTS) -> list[Document]:
    """Return the help documents, by name."""
    return [Document(file.stem, file.read_text()) for file in sorted(folder.glob("*.md"))]


def upload(s3: Any, bucket: str, folder: Path = DOCUMENTS) -> int:
    """Make the bucket hold the documents as they are now; return how many objects were put or deleted.

    Parameters:
        s3: the S3 client.
        bucket: of the knowledge base.
        folder: of the documents.
    """
    wanted = {key: (content, kind) for document in documents(folder) for key, content, kind in document.objects()}
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX)
    present = {found["Key"]: found["ETag"].strip('"') for page in pages for found in page.get("Contents", [])}
    changed = [key for key, (content, _) in wanted.items() if present.get(key) != _etag(content)]
    for key in changed:
        content, kind = wanted[key]
        s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType=kind)
    gone = sorted(present.keys() - wanted.keys())
    for key in gone:
        s3.delete_object(Bucket=bucket, Key=key)
    return len(changed) + len(gone)


def _etag(content: bytes) -> str:
    # S3's ETag of an object that was put in one part.
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
