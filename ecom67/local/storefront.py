"""The shop in the browser: built where its sources have changed, or served by the development server."""

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
DIGEST_FILE = ".digest"
"""Digest of the sources, stored with the build."""
DOCUMENTS = (ROOT / "content" / "help", ROOT / "content" / "legal")
"""Folders of the documents that are pages of the shop."""
INPUTS = (
    *("index.html", "staff.html", "package-lock.json", "tsconfig.json", "public", "src"),
    *("vite.common.ts", "vite.config.ts", "vite.staff.config.ts"),
)


def build(log: Path) -> bool:
    """Build shop and console into ``frontend/dist`` if the sources have changed; return whether they were built.

    Parameters:
        log: log of the build, overwritten.

    Raises CliError where the build fails; the previous build is kept.
    """
    with _build_lock():
        documents = {file.name: file.read_text() for folder in DOCUMENTS for file in folder.glob("*.md")}
        digest = digest_of(FRONTEND, INPUTS, documents)
        if _is_built_from(digest):
            return False
        partial = CACHE / f"shop.{os.getpid()}"
        try:
            # Two builds, so that the console cannot add a byte to a file of the shop.
            _run_vite(["build", "--outDir", str(partial), "--emptyOutDir"], log)
            _run_vite(["build", "--outDir", str(partial), "--config", "vite.staff.config.ts"], log, mode="a")
            (partial / DIGEST_FILE).write_text(digest)
            shutil.rmtree(BUILT, ignore_errors=True)
            partial.rename(BUILT)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return True


def serve_sources(shop_url: str, port: int, environment: Mapping[str, str]) -> int:
    """Run Vite's development server, with hot reload, on the caller's terminal; return its exit code.

    Parameters:
        shop_url: URL of a running stage, to which requests for the API, images and chat are forwarded.
        port: port on 127.0.0.1.
        environment: the complete environment of the process.
    """
    command = [_vite(), "--host", HOST, "--port", str(port), "--strictPort"]
    stage = {"ECOM67_SHOP_URL": shop_url}
    return subprocess.run(command, cwd=FRONTEND, env={**environment, **stage}, check=False).returncode


def _is_built_from(digest: str) -> bool:
    file = BUILT / DIGEST_FILE
    return file.exists() and file.read_text() == digest


def _run_vite(arguments: list[str], log: Path, mode: str = "w") -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open(mode) as output:
        result = subprocess.run(
            [_vite(), *arguments],
            cwd=FRONTEND,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if result.returncode:
        raise CliError(f"The shop in the browser could not be built (exit code {result.returncode}).", log)


def _vite() -> str:
    program = FRONTEND / "node_modules" / ".bin" / "vite"
    if not program.exists():
        raise CliError("The packages of the shop in the browser are missing. Install them with `make setup`.")
    return str(program)


@contextmanager
def _build_lock() -> Iterator[None]:
    # A test run and `make up` may build the same folder at the same time.
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "shop.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
