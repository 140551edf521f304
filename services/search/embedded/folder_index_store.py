"""The index files of the embedded engine in a folder, for one process: a measurement needs no bucket."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from services.search.embedded.s3_index_store import FileLocation, IndexManifest, IndexState, files_of_index


class FolderIndexStore:
    """The indexes in a folder, which nothing else writes to.

    Parameters:
        folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = IndexState()

    def state(self, *, fresh: bool = False) -> IndexState:  # noqa: ARG002 - nothing else writes
        """Return the indexes; they are always known."""
        return self._state

    def fetch(self, manifest: IndexManifest) -> Path:
        """Return a new folder with the files of an index."""
        folder = Path(tempfile.mkdtemp(prefix=f"{manifest.name}-", dir=self._folder))
        for name in manifest.files:
            os.link(self._kept(manifest.name) / name, folder / name)
        if manifest.meta is not None:
            (folder / "meta.json").write_text(manifest.meta)
        return folder

    def upload(self, before: IndexManifest, folder: Path) -> IndexManifest:
        """Keep the files that were added to a folder since it was fetched; return the changed index."""
        meta = (folder / "meta.json").read_text()
        kept = self._kept(before.name)
        names = set(files_of_index(meta, folder))
        for name in names - before.files.keys():
            os.link(folder / name, kept / name)
        for name in before.files.keys() - names:
            (kept / name).unlink()
        files = {name: FileLocation("", 0, (kept / name).stat().st_size) for name in sorted(names)}
        return IndexManifest(before.name, files, meta)

    def replace_state(self, before: IndexState, after: IndexState) -> None:  # noqa: ARG002 - nothing else writes
        """Replace the state."""
        self._state = replace(after, etag="-")

    def sweep(self) -> None:
        """Delete the files that belong to no index."""
        names = {index.name for index in self._state.indexes()}
        for folder in self._indexes():
            if folder.name not in names:
                shutil.rmtree(folder)

    def _kept(self, index: str) -> Path:
        folder = self._folder / "files" / index
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _indexes(self) -> Iterator[Path]:
        return (self._folder / "files").glob("*")
