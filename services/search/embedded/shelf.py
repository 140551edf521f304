"""The files of the indexes, in a bucket: who reads takes a copy, who writes adds to it.

A file of tantivy's is never changed once it is written. What changes is which of them make up an index,
and that is in one object, ``state.json``: it names the live index, one that is being built, and the files of
each. It is replaced only by who has read it (``If-Match``), so of two writers at once one begins again, and a
reader sees an index as it was before a write or as it is after it.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from services.search.engine import EngineUnavailableError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

STATE = "state.json"
FRESH_SECONDS = 0.5
"""How long a reader trusts what it has read of the state."""
TRANSFERS = 8
"""Files that are fetched or put at once."""
LARGEST_DELETE = 1000
"""Keys a DeleteObjects takes; source: S3's API reference."""
_GONE = ("NoSuchKey", "404")


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index: its name, and the files that make it up at one moment.

    Attributes:
        name: of the index; its files are below that name in the bucket.
        files: names of files.
        meta: tantivy's own description of them.
    """

    name: str
    files: tuple[str, ...] = ()
    meta: str | None = None


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

    def to_json(self) -> str:
        """Return the state as it is kept."""
        return json.dumps({"live": _plain(self.live), "building": _plain(self.building)})


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
        now: a clock in seconds; replaced in tests.
    """

    def __init__(
        self,
        s3: "S3Client",
        bucket: str,
        folder: Path | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._folder = folder or Path(tempfile.mkdtemp(prefix="ecom67-search-"))
        self._now = now
        self._state: State | None = None
        self._read_at = 0.0

    def state(self, *, fresh: bool = False) -> State:
        """Return what there is, as it was half a second ago at the most.

        Parameters:
            fresh: as it is now.

        Raises EngineUnavailableError.
        """
        if self._state is None or fresh or self._now() - self._read_at >= FRESH_SECONDS:
            known, self._state = self._state, self._current(self._state)
            self._read_at = self._now()
            if self._state is not known:
                self._forget_indexes(self._state)
        return self._state

    def fetched(self, manifest: Manifest) -> Path:
        """Return a new folder with the files of an index, of which only those that are new are fetched.

        Raises MissingFilesError where they are not in the bucket any more.
        """
        files = self._folder / "files" / manifest.name
        files.mkdir(parents=True, exist_ok=True)
        self._forget(manifest)
        missing = [name for name in manifest.files if not (files / name).exists()]
        with _available():
            self._each(missing, lambda name: self._fetch(manifest.name, name, files))
        folder = Path(tempfile.mkdtemp(prefix=f"{manifest.name}-", dir=self._folder))
        for name in manifest.files:
            os.link(files / name, folder / name)
        if manifest.meta is not None:
            (folder / "meta.json").write_text(manifest.meta)
        return folder

    def stored(self, name: str, folder: Path) -> Manifest:
        """Put what is new of an index's folder into the bucket, and return its manifest. It is in no state yet."""
        meta = (folder / "meta.json").read_text()
        present = sorted(_files_of(json.loads(meta), folder))
        files = self._folder / "files" / name
        files.mkdir(parents=True, exist_ok=True)
        added = [file for file in present if not (files / file).exists()]
        with _available():
            self._each(added, lambda file: self._put(f"{name}/{file}", (folder / file).read_bytes()))
        for file in added:
            os.link(folder / file, files / file)
        return Manifest(name, tuple(present), meta)

    def change(self, state: State) -> State:
        """Make a state, which was made of the one that was read, the one that holds; return it as it is kept.

        Raises OvertakenError where another one has come first.
        """
        condition: Any = {"IfMatch": state.etag} if state.etag else {"IfNoneMatch": "*"}
        before = self._state
        try:
            with _available():
                answer = self._s3.put_object(Bucket=self._bucket, Key=STATE, Body=state.to_json().encode(), **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict", *_GONE):
                self._state = None
                raise OvertakenError from None
            raise
        self._state = replace(state, etag=answer["ETag"])
        self._read_at = self._now()
        self._delete(_keys(before) - _keys(self._state))
        return self._state

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
        return State(_manifest(values["live"]), _manifest(values["building"]), answer["ETag"])

    def _fetch(self, index: str, name: str, files: Path) -> None:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=f"{index}/{name}")["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise MissingFilesError(index) from None
            raise
        partial = files / f".{name}.{os.getpid()}"
        with partial.open("wb") as written:
            shutil.copyfileobj(body, written)
        partial.rename(files / name)

    def _put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def _delete(self, keys: Iterable[str]) -> None:
        """Delete files that are in no index any more. A reader who still wants one reads the state anew."""
        ordered = sorted(keys)
        for start in range(0, len(ordered), LARGEST_DELETE):
            objects: Any = [{"Key": key} for key in ordered[start : start + LARGEST_DELETE]]
            with _available():
                self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def _forget(self, manifest: Manifest) -> None:
        """Delete this machine's copies of files that the index has no more. Who has them open goes on reading."""
        for file in (self._folder / "files" / manifest.name).iterdir():
            if file.name not in manifest.files:
                file.unlink(missing_ok=True)

    def _forget_indexes(self, state: State) -> None:
        names = {index.name for index in (state.live, state.building) if index}
        for folder in self._folder.glob("files/*"):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)

    def _each(self, names: list[str], carry: Callable[[str], None]) -> None:
        if not names:
            return
        with ThreadPoolExecutor(TRANSFERS) as pool:
            list(pool.map(carry, names))


class _available:  # noqa: N801 - reads as a statement
    """Tells what the bucket's absence is; what it answers stays as it is."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, BotoCoreError):
            raise EngineUnavailableError(str(error)) from error
        if isinstance(error, ClientError) and error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise EngineUnavailableError(str(error)) from error


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


def _keys(state: State | None) -> set[str]:
    indexes = (state.live, state.building) if state else ()
    return {f"{index.name}/{name}" for index in indexes if index for name in index.files}


def _manifest(values: Mapping[str, Any] | None) -> Manifest | None:
    return Manifest(values["name"], tuple(values["files"]), values["meta"]) if values else None


def _plain(manifest: Manifest | None) -> dict[str, Any] | None:
    return {"name": manifest.name, "files": manifest.files, "meta": manifest.meta} if manifest else None
