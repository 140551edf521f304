"""The published contracts in the work tree, or at a git revision."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from schemas.generation import FOLDER

Documents = dict[str, dict[str, Any]]
"""JSON Schemas by contract name: ``orders/OrderPlaced``."""


def committed() -> Documents:
    """Return the contracts of the work tree."""
    return _by_name((path.parent.name, path.read_bytes()) for path in sorted(FOLDER.rglob("*.json")))


def at_revision(revision: str, root: Path = ROOT) -> Documents:
    """Return the contracts at a git revision; an empty dict where it has none.

    Parameters:
        revision: any name of a commit: ``main``, ``v1.2``, ``HEAD~3``.
        root: root of the work tree.

    Raises CliError where the revision does not exist or git is missing.
    """
    folder = FOLDER.relative_to(ROOT).as_posix()
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise CliError(f"There is no git revision {revision!r} to compare with.")
    archive = _git(root, "archive", "--format=tar", commit.decode().strip(), folder)
    if archive is None:
        # The folder does not exist at this revision.
        return {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
        return _by_name((PurePosixPath(name).parent.name, file.read()) for name, file in files if file is not None)


def _by_name(files: Iterable[tuple[str, bytes]]) -> Documents:
    documents = ((service, json.loads(content)) for service, content in files)
    return {f"{service}/{document['title']}": document for service, document in documents}


def _git(root: Path, *arguments: str) -> bytes | None:
    try:
        result = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise CliError("git is missing; without it there is no revision to compare with.") from None
    return None if result.returncode else result.stdout
