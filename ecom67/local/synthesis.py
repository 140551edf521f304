"""The cloud assembly of the local stage, cached by a digest of its sources."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ecom67.base import cdk
from ecom67.base.paths import ROOT
from ecom67.base.stage_names import LOCAL

ASSEMBLIES = ROOT / ".cache" / "assemblies"
MAX_ASSEMBLIES = 5
INPUTS = (
    *("app.py", "cdk.json", "package-lock.json", "requirements/dev.txt"),
    *("infra/constructs", "infra/stacks", "infra/stage.py"),
    *(
        "services",
        "audit",
        "bus",
        "delivery",
        "documents",
        "schemas",
        "tax",
        "content/legal",
        "content/delivery.toml",
        "content/tax.toml",
    ),
)
VARIABLES = ("OPENSEARCH_URL",)
"""Environment variables that `app.py` reads."""

UNVALIDATED = {"CDK_VALIDATION": "false"}
"""Leaves out the CDK's validation of the templates, a third of a synthesis, which only warns: the emulator judges those
of the local stage when they are deployed, and cfn-lint those of the others, in the tests."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A synthesised app.

    Attributes:
        folder: value of ``cdk --app``.
        digest: digest of its sources.
        fresh: whether it was synthesised by this call.
    """

    folder: Path
    digest: str
    fresh: bool

    @property
    def stacks(self) -> list[str]:
        """Return the names of its stacks."""
        return sorted(file.name.removesuffix(".template.json") for file in self.folder.glob("*.template.json"))


def synthesise(environment: Mapping[str, str], log: Path) -> Assembly:
    """Return the assembly of the current sources, synthesised if needed; raises CliError where that fails."""
    digest = digest_of(ROOT, INPUTS, {name: environment.get(name, "") for name in VARIABLES})
    folder = ASSEMBLIES / f"{LOCAL}-{digest[:16]}"
    fresh = not folder.exists()
    if fresh:
        partial = ASSEMBLIES / f".{folder.name}.{os.getpid()}"
        try:
            cdk.run(
                ["synth", "--quiet", "--app", cdk.APP, "--output", str(partial)], {**environment, **UNVALIDATED}, log
            )
            if not folder.exists():
                partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    os.utime(folder)
    _delete_old()
    return Assembly(folder, digest, fresh)


def digest_of(root: Path, inputs: tuple[str, ...], variables: Mapping[str, str] | None = None) -> str:
    """Return the digest of files and variables.

    Parameters:
        root: folder of the files.
        inputs: files and folders below it, of which names and contents count, not times.
        variables: environment variables.
    """
    digest = hashlib.sha256(json.dumps(variables or {}, sort_keys=True).encode())
    for path in sorted(file for name in inputs for file in _files(root / name)):
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for file in path.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".md":
            yield file


def _delete_old() -> None:
    by_use = sorted(ASSEMBLIES.glob(f"{LOCAL}-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in by_use[MAX_ASSEMBLIES:]:
        shutil.rmtree(folder, ignore_errors=True)
