"""``ecom67 help publish``: puts the help documents into the bucket of the chat's knowledge base, and has them read."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import botocore.session
import typer

from ecom67.base.errors import Fault

DOCUMENTS = Path(__file__).parent / "help"
PREFIX = "help/"

app = typer.Typer(no_args_is_help=True, help="The shop's help documents.")


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


@app.command()
def publish(stage: Annotated[str, typer.Option(help="A stage in AWS; `make up` does it on this machine.")]) -> None:
    """Publish the help documents to a stage in AWS."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        raise Fault(f"AWS_ENDPOINT_URL is set, so nothing would be published to stage {stage}. Unset it.")
    session: Any = botocore.session.get_session()
    names = ("help-bucket", "knowledge-base-id", "help-source-id")
    paths = [f"/ecom67/{stage}/chat/{name}" for name in names]
    found = session.create_client("ssm").get_parameters(Names=paths)["Parameters"]
    published = {parameter["Name"].rpartition("/")[2]: parameter["Value"] for parameter in found}
    if published.keys() != set(names):
        raise Fault(f"The chat of stage {stage} is not deployed.")
    changed = upload(session.create_client("s3"), published["help-bucket"])
    if not changed:
        typer.echo("Nothing has changed.")
        return
    session.create_client("bedrock-agent").start_ingestion_job(
        knowledgeBaseId=published["knowledge-base-id"], dataSourceId=published["help-source-id"]
    )
    typer.echo(f"{changed} objects have changed; the knowledge base is reading them, which takes a minute or two.")


def _etag(content: bytes) -> str:
    # S3's ETag of an object that was put in one part.
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
