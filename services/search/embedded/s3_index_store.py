"""The index files of the embedded engine in a bucket, and local copies of them.

tantivy never changes a file that it has written; only the set of files of an index changes. That set is in one object,
``state.json``, which names the live index, one that is being built, and the files of each. It is replaced by
a conditional put (``If-Match``): of two concurrent writers one has to try again, and a reader sees an index as it was
before a write or after it.

The files that a write adds are uploaded as one object, a pack, so that a write and a read take one call each.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from schemas.event import new_event_id
from services.search.engine import EngineUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

STATE = "state.json"
FORMAT = 2
"""Version of the object's form. Raise it with every change of the form: another version is not read."""
FRESH_SECONDS = 0.5
"""Seconds for which a reader uses the state that it has read."""
MAX_TRANSFERS = 8
"""Packs fetched at the same time."""
MAX_DELETE_KEYS = 1000
"""Keys of one DeleteObjects; source: S3's API reference."""
_NOT_FOUND = ("NoSuchKey", "404")
_CONFLICT = ("PreconditionFailed", "ConditionalRequestConflict")


@dataclass(frozen=True, slots=True)
class FileLocation:
    """The location of a file in the bucket.

    Attributes:
        pack: name of its pack.
        begin: offset in the pack, in bytes.
        size: size in bytes.
    """

    pack: str
    begin: int
    size: int


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """The name of an index, and its files at one moment.

    Attributes:
        name: name of the index, and prefix of its packs in the bucket.
        files: location of each file, by its name.
        meta: content of tantivy's ``meta.json``; None before the first write.
    """

    name: str
    files: Mapping[str, FileLocation] = field(default_factory=dict)
    meta: str | None = None

    def packs(self) -> set[str]:
        """Return the keys of the index's packs."""
        return {f"{self.name}/{location.pack}" for location in self.files.values()}


@dataclass(frozen=True, slots=True)
class IndexState:
    """The indexes in a bucket.

    Attributes:
        live: the index that is searched.
        building: the index that is being built.
        etag: ETag of ``state.json``; None if there is no such object.
    """

    live: IndexManifest | None = None
    building: IndexManifest | None = None
    etag: str | None = None

    def indexes(self) -> list[IndexManifest]:
        """Return the indexes that exist."""
        return [index for index in (self.live, self.building) if index]

    def packs(self) -> set[str]:
        """Return the keys of all packs."""
        return {key for index in self.indexes() for key in index.packs()}

    def to_json(self) -> str:
        """Return the content of ``state.json``."""
        return json.dumps({"format": FORMAT, "live": _to_dict(self.live), "building": _to_dict(self.building)})


UNKNOWN = IndexManifest("products-v0-unknown")
"""Manifest of an index in a form that cannot be read. Version 0 of documents does not exist, so it is outdated."""


class ConcurrentUpdateError(Exception):
    """Another writer has changed the state at the same time; this change was not made."""


class MissingFilesError(Exception):
    """Files of an index were deleted: it has changed since its manifest was read, or another index is live."""


class S3IndexStore:
    """The indexes in a bucket, and local copies of their files.

    Parameters:
        s3: the S3 client.
        bucket: name of the bucket.
        folder: folder of the copies; a temporary one by default.
        fresh_seconds: seconds for which a reader uses the state that it has read.
        now: monotonic time in seconds; replaced in tests.
    """

    def __init__(
        self,
        s3: "S3Client",
        bucket: str,
        folder: Path | None = None,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._given_folder = folder
        self._fresh_seconds = fresh_seconds
        self._now = now
        self._state: IndexState | None = None
        self._read_at = 0.0

    @cached_property
    def _folder(self) -> Path:
        # Created on first use: a process that reads no index leaves no folder behind.
        return self._given_folder or Path(tempfile.mkdtemp(prefix="ecom67-search-"))

    def state(self, *, fresh: bool = False) -> IndexState:
        """Return the indexes in the bucket.

        Parameters:
            fresh: read them now, however recent the known state is.

        Raises:
            EngineUnavailableError: S3 does not answer.
        """
        known = self._state
        if known is not None and not fresh and self._now() - self._read_at < self._fresh_seconds:
            return known
        current = self._read_state(known)
        self._state, self._read_at = current, self._now()
        if current is not known:
            self._delete_copies(current)
        return current

    def fetch(self, manifest: IndexManifest) -> Path:
        """Return a new folder with the files of an index; only files without a local copy are downloaded.

        Raises:
            MissingFilesError: the files are no longer in the bucket.
        """
        self._fetch_missing(manifest)
        folder = Path(tempfile.mkdtemp(prefix=f"{manifest.name}-", dir=self._folder))
        for name, location in manifest.files.items():
            os.link(self._copy(manifest.name, name, location), folder / name)
        if manifest.meta is not None:
            (folder / "meta.json").write_text(manifest.meta)
        return folder

    def upload(self, before: IndexManifest, folder: Path) -> IndexManifest:
        """Upload the files that were added to a folder since it was fetched.

        Parameters:
            before: the index as it was fetched.
            folder: the folder.

        Returns:
            The manifest of the changed index, which takes effect with ``replace_state``.
        """
        meta = (folder / "meta.json").read_text()
        pack, files, end = new_event_id(), {}, 0
        with tempfile.TemporaryFile() as packed:
            for name in sorted(files_of_index(meta, folder)):
                if name in before.files:
                    files[name] = before.files[name]
                    continue
                with (folder / name).open("rb") as file:
                    shutil.copyfileobj(file, packed)
                files[name] = FileLocation(pack, end, packed.tell() - end)
                end = packed.tell()
            packed.seek(0)
            with _translate_errors():
                self._s3.put_object(Bucket=self._bucket, Key=f"{before.name}/{pack}", Body=packed)
        for name, location in files.items():
            if location.pack == pack:
                self._keep_copy(folder / name, self._copy(before.name, name, location))
        return IndexManifest(before.name, files, meta)

    def replace_state(self, before: IndexState, after: IndexState) -> None:
        """Replace the state, if it is still the one that was read.

        Parameters:
            before: the state that was read.
            after: the new state.

        Raises:
            ConcurrentUpdateError: another writer has changed the state.
        """
        condition: Any = {"IfMatch": before.etag} if before.etag else {"IfNoneMatch": "*"}
        try:
            with _translate_errors():
                answer = self._s3.put_object(Bucket=self._bucket, Key=STATE, Body=after.to_json().encode(), **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in (*_CONFLICT, *_NOT_FOUND):
                raise ConcurrentUpdateError from None
            raise
        self._state, self._read_at = replace(after, etag=answer["ETag"]), self._now()
        self._delete_packs(_superseded(before, after))

    def sweep(self) -> None:
        """Delete the packs that belong to no index: those of previous indexes, and leftovers of failed writes."""
        kept = self.state(fresh=True).packs() | {STATE}
        with _translate_errors():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
            held = [found["Key"] for page in pages for found in page.get("Contents", [])]
        self._delete_packs(set(held) - kept)

    def _read_state(self, known: IndexState | None) -> IndexState:
        condition: Any = {"IfNoneMatch": known.etag} if known and known.etag else {}
        try:
            with _translate_errors():
                answer = self._s3.get_object(Bucket=self._bucket, Key=STATE, **condition)
                values = json.loads(answer["Body"].read())
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("304", "NotModified") and known:
                return known
            if code in _NOT_FOUND:
                return IndexState()
            raise
        if values.get("format") != FORMAT:
            return IndexState(UNKNOWN, etag=answer["ETag"])
        return IndexState(_manifest(values["live"]), _manifest(values["building"]), answer["ETag"])

    def _fetch_missing(self, manifest: IndexManifest) -> None:
        copies = self._folder / "files" / manifest.name
        copies.mkdir(parents=True, exist_ok=True)
        wanted = {self._copy(manifest.name, name, location): location for name, location in manifest.files.items()}
        for old in set(copies.iterdir()) - wanted.keys():
            # A reader that has it open can go on reading.
            old.unlink(missing_ok=True)
        missing = sorted(
            (location.pack, location.begin, location.size, copy)
            for copy, location in wanted.items()
            if not copy.exists()
        )
        packs = [(pack, list(parts)) for pack, parts in groupby(missing, key=lambda part: part[0])]
        if len(packs) > 1:
            with ThreadPoolExecutor(MAX_TRANSFERS) as pool:
                list(pool.map(lambda each: self._fetch_parts(manifest.name, *each), packs))
        elif packs:
            self._fetch_parts(manifest.name, *packs[0])

    def _fetch_parts(self, index: str, pack: str, parts: list[tuple[str, int, int, Path]]) -> None:
        """Download the wanted parts of a pack, in one range from the first to the last of them."""
        first, end = parts[0][1], parts[-1][1] + parts[-1][2]
        try:
            with _translate_errors():
                answer = self._s3.get_object(
                    Bucket=self._bucket, Key=f"{index}/{pack}", Range=f"bytes={first}-{end - 1}"
                )
                content = memoryview(answer["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_FOUND:
                raise MissingFilesError(index) from None
            raise
        for _, begin, size, copy in parts:
            partial = copy.with_name(f".{copy.name}.{new_event_id()}")
            partial.write_bytes(content[begin - first : begin - first + size])
            partial.rename(copy)

    def _copy(self, index: str, name: str, location: FileLocation) -> Path:
        # Two writers may give two files the same name, but never in the same pack.
        return self._folder / "files" / index / f"{location.pack}.{name}"

    def _keep_copy(self, file: Path, copy: Path) -> None:
        copy.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, copy)

    def _delete_packs(self, keys: Iterable[str]) -> None:
        """Delete packs that no index has any more. A reader that still needs one reads the state again."""
        ordered = sorted(keys)
        for start in range(0, len(ordered), MAX_DELETE_KEYS):
            objects: Any = [{"Key": key} for key in ordered[start : start + MAX_DELETE_KEYS]]
            with _translate_errors():
                self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def _delete_copies(self, state: IndexState) -> None:
        names = {index.name for index in state.indexes()}
        for folder in self._folder.glob("files/*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise EngineUnavailableError if S3 does not answer or fails; other errors are left as they are."""
    try:
        yield
    except BotoCoreError as error:
        raise EngineUnavailableError(str(error)) from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise EngineUnavailableError(str(error)) from error
        raise


def files_of_index(meta: str, folder: Path) -> Iterable[str]:
    """Yield the names of the files in a folder that belong to an index.

    Parameters:
        meta: content of the index's ``meta.json``.
        folder: the folder.
    """
    segments = {segment["segment_id"].replace("-", ""): segment["deletes"] for segment in json.loads(meta)["segments"]}
    for file in folder.iterdir():
        segment, _, rest = file.name.partition(".")
        if segment not in segments:
            continue
        deletes = segments[segment]
        # Each commit writes a new file of a segment's deleted documents; only the last one counts.
        if not rest.endswith("del") or (deletes and rest == f"{deletes['opstamp']}.del"):
            yield file.name


def _superseded(before: IndexState, after: IndexState) -> set[str]:
    """Return the packs that a changed index no longer has. Those of a removed index stay for its readers."""
    names = tuple(f"{index.name}/" for index in after.indexes())
    return {key for key in before.packs() - after.packs() if key.startswith(names)} if names else set()


def _manifest(values: Mapping[str, Any] | None) -> IndexManifest | None:
    if not values:
        return None
    return IndexManifest(
        values["name"], {name: FileLocation(*location) for name, location in values["files"].items()}, values["meta"]
    )


def _to_dict(manifest: IndexManifest | None) -> dict[str, Any] | None:
    if manifest is None:
        return None
    locations = {name: (location.pack, location.begin, location.size) for name, location in manifest.files.items()}
    return {"name": manifest.name, "files": locations, "meta": manifest.meta}
