"""The files of the indexes, in a bucket: who reads takes a copy, who writes adds to it.

A file of tantivy's is never changed once it is written. What changes is which of them make up an index,
and that is in one object, ``state.json``: it names the live index, one that is being built, and the files of
each. It is replaced only by who has read it (``If-Match``), so of two writers at once one begins again, and a
reader sees an index as it was before a write or as it is after it.

The files that a write adds go into the bucket as one object, a pack: to put and to get it is one call.
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
"""Of that object. Whoever changes its form raises it: what is of another one is not read."""
FRESH_SECONDS = 0.5
TRANSFERS = 8
"""Packs that are fetched at once."""
LARGEST_DELETE = 1000
"""Keys a DeleteObjects takes; source: S3's API reference."""
_GONE = ("NoSuchKey", "404")
_OVERTAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: in which pack, and where in it, in bytes."""

    pack: str
    begin: int
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index: its name, and the files that make it up at one moment.

    Attributes:
        name: of the index; its packs are below that name in the bucket.
        files: where each file is, by its name.
        meta: tantivy's own description of them; None where nothing was written yet.
    """

    name: str
    files: Mapping[str, Place] = field(default_factory=dict)
    meta: str | None = None

    def packs(self) -> set[str]:
        """Return the keys of its packs."""
        return {f"{self.name}/{place.pack}" for place in self.files.values()}


@dataclass(frozen=True, slots=True)
class State:
    """What there is: the live index, and one that is being built.

    Attributes:
        live: what is answered from.
        building: what is filled beside it.
        etag: of the object it was read from; None where there is none.
    """

    live: Manifest | None = None
    building: Manifest | None = None
    etag: str | None = None

    def indexes(self) -> list[Manifest]:
        """Return those that there are."""
        return [index for index in (self.live, self.building) if index]

    def packs(self) -> set[str]:
        """Return the keys of all packs."""
        return {key for index in self.indexes() for key in index.packs()}

    def to_json(self) -> str:
        """Return the state as it is kept."""
        return json.dumps({"format": FORMAT, "live": _plain(self.live), "building": _plain(self.building)})


UNKNOWN = Manifest("products-v0-unknown")
"""Stands for an index of which nothing can be read, not even its name. There is no version 0 of documents."""


class OvertakenError(Exception):
    """Somebody else has changed the state at the same time. Nothing of ours is in it."""


class MissingFilesError(Exception):
    """Files of an index are gone: since its manifest was read it has changed, or another one is live."""


class Shelf:
    """The indexes in one bucket, and this machine's copies of them.

    Parameters:
        s3: the S3 client.
        bucket: name of the bucket.
        folder: where the copies are kept; by default one of this process's own.
        fresh_seconds: how long a reader trusts what it has read of the state.
        now: a clock in seconds; replaced in tests.
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
        self._given = folder
        self._fresh_seconds = fresh_seconds
        self._now = now
        self._state: State | None = None
        self._read_at = 0.0

    @cached_property
    def _folder(self) -> Path:
        # Only who reads or writes an index leaves a folder behind.
        return self._given or Path(tempfile.mkdtemp(prefix="ecom67-search-"))

    def state(self, *, fresh: bool = False) -> State:
        """Return what there is, as it was a moment ago.

        Parameters:
            fresh: as it is now.

        Raises EngineUnavailableError.
        """
        known = self._state
        if known is not None and not fresh and self._now() - self._read_at < self._fresh_seconds:
            return known
        current = self._current(known)
        self._state, self._read_at = current, self._now()
        if current is not known:
            self._forget_indexes(current)
        return current

    def fetched(self, manifest: Manifest) -> Path:
        """Return a new folder with the files of an index, of which only those that are new are fetched.

        Raises MissingFilesError where they are not in the bucket any more.
        """
        self._fetch_missing(manifest)
        folder = Path(tempfile.mkdtemp(prefix=f"{manifest.name}-", dir=self._folder))
        for name, place in manifest.files.items():
            os.link(self._copy(manifest.name, name, place), folder / name)
        if manifest.meta is not None:
            (folder / "meta.json").write_text(manifest.meta)
        return folder

    def stored(self, before: Manifest, folder: Path) -> Manifest:
        """Put what a folder has more than an index into the bucket; return the new manifest, which is in no state yet.

        Parameters:
            before: the index, as it was when the folder was fetched.
            folder: with what was written since.
        """
        meta = (folder / "meta.json").read_text()
        pack, files, end = new_event_id(), {}, 0
        with tempfile.TemporaryFile() as packed:
            for name in sorted(_files_of(json.loads(meta), folder)):
                if name in before.files:
                    files[name] = before.files[name]
                    continue
                with (folder / name).open("rb") as file:
                    shutil.copyfileobj(file, packed)
                files[name] = Place(pack, end, packed.tell() - end)
                end = packed.tell()
            packed.seek(0)
            with _available():
                self._s3.put_object(Bucket=self._bucket, Key=f"{before.name}/{pack}", Body=packed)
        for name, place in files.items():
            if place.pack == pack:
                self._keep(folder / name, self._copy(before.name, name, place))
        return Manifest(before.name, files, meta)

    def change(self, before: State, after: State) -> None:
        """Make a state the one that holds.

        Parameters:
            before: the state that it was made of.
            after: the state.

        Raises OvertakenError where another one has come first.
        """
        condition: Any = {"IfMatch": before.etag} if before.etag else {"IfNoneMatch": "*"}
        try:
            with _available():
                answer = self._s3.put_object(Bucket=self._bucket, Key=STATE, Body=after.to_json().encode(), **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in (*_OVERTAKEN, *_GONE):
                raise OvertakenError from None
            raise
        self._state, self._read_at = replace(after, etag=answer["ETag"]), self._now()
        self._delete(_superseded(before, after))

    def sweep(self) -> None:
        """Delete all packs that are of no index: those of indexes before, and what failed writes have left."""
        kept = self.state(fresh=True).packs() | {STATE}
        with _available():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
            held = [found["Key"] for page in pages for found in page.get("Contents", [])]
        self._delete(set(held) - kept)

    def _current(self, known: State | None) -> State:
        condition: Any = {"IfNoneMatch": known.etag} if known and known.etag else {}
        try:
            with _available():
                answer = self._s3.get_object(Bucket=self._bucket, Key=STATE, **condition)
                values = json.loads(answer["Body"].read())
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("304", "NotModified") and known:
                return known
            if code in _GONE:
                return State()
            raise
        if values.get("format") != FORMAT:
            return State(UNKNOWN, etag=answer["ETag"])
        return State(_manifest(values["live"]), _manifest(values["building"]), answer["ETag"])

    def _fetch_missing(self, manifest: Manifest) -> None:
        copies = self._folder / "files" / manifest.name
        copies.mkdir(parents=True, exist_ok=True)
        wanted = {self._copy(manifest.name, name, place): place for name, place in manifest.files.items()}
        for old in set(copies.iterdir()) - wanted.keys():
            # Who has it open goes on reading.
            old.unlink(missing_ok=True)
        missing = sorted(
            (place.pack, place.begin, place.size, copy) for copy, place in wanted.items() if not copy.exists()
        )
        packs = [(pack, list(parts)) for pack, parts in groupby(missing, key=lambda part: part[0])]
        if len(packs) > 1:
            with ThreadPoolExecutor(TRANSFERS) as pool:
                list(pool.map(lambda each: self._fetch(manifest.name, *each), packs))
        elif packs:
            self._fetch(manifest.name, *packs[0])

    def _fetch(self, index: str, pack: str, parts: list[tuple[str, int, int, Path]]) -> None:
        """Fetch the parts of a pack that are wanted, from the first to the last of them."""
        first, end = parts[0][1], parts[-1][1] + parts[-1][2]
        try:
            with _available():
                answer = self._s3.get_object(
                    Bucket=self._bucket, Key=f"{index}/{pack}", Range=f"bytes={first}-{end - 1}"
                )
                content = memoryview(answer["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise MissingFilesError(index) from None
            raise
        for _, begin, size, copy in parts:
            partial = copy.with_name(f".{copy.name}.{new_event_id()}")
            partial.write_bytes(content[begin - first : begin - first + size])
            partial.rename(copy)

    def _copy(self, index: str, name: str, place: Place) -> Path:
        # Two writers may give two files one name; their packs differ.
        return self._folder / "files" / index / f"{place.pack}.{name}"

    def _keep(self, file: Path, copy: Path) -> None:
        copy.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, copy)

    def _delete(self, keys: Iterable[str]) -> None:
        """Delete packs that are of no index any more. A reader who still wants one reads the state anew."""
        ordered = sorted(keys)
        for start in range(0, len(ordered), LARGEST_DELETE):
            objects: Any = [{"Key": key} for key in ordered[start : start + LARGEST_DELETE]]
            with _available():
                self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def _forget_indexes(self, state: State) -> None:
        names = {index.name for index in state.indexes()}
        for folder in self._folder.glob("files/*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _available() -> Iterator[None]:
    """Tell what the bucket's absence is; what it answers stays as it is."""
    try:
        yield
    except BotoCoreError as error:
        raise EngineUnavailableError(str(error)) from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise EngineUnavailableError(str(error)) from error
        raise


def _files_of(meta: Mapping[str, Any], folder: Path) -> Iterable[str]:
    segments = {segment["segment_id"].replace("-", ""): segment["deletes"] for segment in meta["segments"]}
    for file in folder.iterdir():
        segment, _, rest = file.name.partition(".")
        if segment not in segments:
            continue
        deletes = segments[segment]
        # Each commit writes the deleted documents of a segment anew; only the last of these files counts.
        if not rest.endswith("del") or (deletes and rest == f"{deletes['opstamp']}.del"):
            yield file.name


def _superseded(before: State, after: State) -> set[str]:
    """Return the packs that an index has no more. Those of an index that is gone stay for who still reads it."""
    names = tuple(f"{index.name}/" for index in after.indexes())
    return {key for key in before.packs() - after.packs() if key.startswith(names)} if names else set()


def _manifest(values: Mapping[str, Any] | None) -> Manifest | None:
    if not values:
        return None
    return Manifest(values["name"], {name: Place(*place) for name, place in values["files"].items()}, values["meta"])


def _plain(manifest: Manifest | None) -> dict[str, Any] | None:
    if manifest is None:
        return None
    places = {name: (place.pack, place.begin, place.size) for name, place in manifest.files.items()}
    return {"name": manifest.name, "files": places, "meta": manifest.meta}
