"""The shop in the browser: built only when something that goes into it has changed, or served as it is written."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.local.stage_paths import HOST
from ecom67.local.synthesis import digest_of

FRONTEND = ROOT / "frontend"
BUILT = FRONTEND / "dist"
CACHE = ROOT / ".cache"
DIGEST = ".digest"
"""In the built shop: of what it was built from."""
HELP = ROOT / "content" / "help"
"""Its documents are pages of the shop."""
INPUTS = ("index.html", "package-lock.json", "vite.config.ts", "tsconfig.json", "public", "src")


def build(log: Path) -> bool:
    """Build the shop into ``frontend/dist`` where that is not of the sources as they are; return whether it was done.

    Parameters:
        log: of the build, written anew.

    Raises CliError where it cannot be built; what was built before stays.
    """
    with _alone():
        documents = {file.name: file.read_text() for file in HELP.glob("*.md")}
        digest = digest_of(FRONTEND, INPUTS, documents)
        if _is_built_from(digest):
            return False
        partial = CACHE / f"shop.{os.getpid()}"
        try:
            _run_vite(["build", "--outDir", str(partial), "--emptyOutDir"], log)
            (partial / DIGEST).write_text(digest)
            shutil.rmtree(BUILT, ignore_errors=True)
            partial.rename(BUILT)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return True


def serve_sources(shop_url: str, port: int, environment: Mapping[str, str]) -> int:
    """Serve the shop as it is written, with hot reload, on the caller's own terminal; return Vite's exit code.

    Parameters:
        shop_url: of a running stage, to which everything goes that is not the shop's own.
        port: on 127.0.0.1.
        environment: the whole environment.
    """
    command = [_vite(), "--host", HOST, "--port", str(port), "--strictPort"]
    stage = {"ECOM67_SHOP_URL": shop_url}
    return subprocess.run(command, cwd=FRONTEND, env={**environment, **stage}, check=False).returncode


def _is_built_from(digest: str) -> bool:
    file = BUILT / DIGEST
    return file.exists() and file.read_text() == digest


def _run_vite(arguments: list[str], log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            [_vite(), *arguments],
            cwd=FRONTEND,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise CliError(f"The shop in the browser could not be built (exit code {done.returncode}).", log)


def _vite() -> str:
    program = FRONTEND / "node_modules" / ".bin" / "vite"
    if not program.exists():
        raise CliError("The packages of the shop in the browser are missing. Install them with `make setup`.")
    return str(program)


@contextmanager
def _alone() -> Iterator[None]:
    # The stage of a test run and that of `make up` build the same folder.
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "shop.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
