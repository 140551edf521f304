"""Installs a dependency set for Lambda's platform, without Docker and without the CDK."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from infra.constructs.bytecode import RUNTIME_VERSION, Compiler
from infra.constructs.paths import ROOT

LAYERS = ROOT / ".cache" / "layers"
PLATFORM = "aarch64-manylinux_2_28"


def build_layer(lock_file: Path, platform: str = PLATFORM, compiler: Compiler | None = None) -> Path:
    """Install a lock file and return the folder of the layer. It is cached by all that it depends on.

    Parameters:
        lock_file: the lock of a dependency set.
        platform: the platform, as uv names it; that of the functions by default.
        compiler: compiles the packages; without one there is no bytecode.

    Raises subprocess.CalledProcessError if a package has no wheel for the platform.
    """
    version = f"bytecode of {compiler.version}" if compiler else RUNTIME_VERSION
    key = hashlib.sha256(f"{platform} {version}\n{lock_file.read_text()}".encode()).hexdigest()[:16]
    target = LAYERS / f"{lock_file.stem}-{key}"
    if target.exists():
        return target
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
            *("--python-platform", platform, "--python-version", RUNTIME_VERSION, "--only-binary", ":all:"),
            *("--no-compile-bytecode", "--target", str(partial / "python"), "--requirement", str(lock_file)),
        ],
        check=True,
    )
    if compiler:
        compiler.compile_layer(partial / "python")
    partial.rename(target)
    return target
