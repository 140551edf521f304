"""Lambda layers of third-party packages: one per dependency set, built for Lambda's platform without Docker."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.paths import ROOT

LAYERS = ROOT / ".cache" / "layers"
PLATFORM = "aarch64-manylinux_2_28"
PYTHON_VERSION = "3.13"


def create_dependency_layer(scope: Construct, dependencies: str) -> lambda_.LayerVersion:
    """Create the layer of a dependency set.

    Parameters:
        scope: the stack.
        dependencies: the dependency set, which is the stem of a lock file in ``requirements/``.

    Raises subprocess.CalledProcessError if a package has no wheel for Lambda's platform.
    """
    return lambda_.LayerVersion(
        scope,
        f"Dependencies{dependencies.capitalize()}",
        code=lambda_.Code.from_asset(str(build_layer(ROOT / "requirements" / f"{dependencies}.txt"))),
        compatible_architectures=[lambda_.Architecture.ARM_64],
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        description=f"e-com67: {dependencies} dependencies",
    )


def build_layer(lock_file: Path) -> Path:
    """Install a lock file for Lambda's platform and return the folder. The result is cached by the file's content.

    Raises subprocess.CalledProcessError if a package has no wheel for Lambda's platform.
    """
    key = hashlib.sha256(f"{PLATFORM} {PYTHON_VERSION}\n{lock_file.read_text()}".encode()).hexdigest()[:16]
    target = LAYERS / f"{lock_file.stem}-{key}"
    if target.exists():
        return target
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
            *("--python-platform", PLATFORM, "--python-version", PYTHON_VERSION, "--only-binary", ":all:"),
            *("--no-compile-bytecode", "--target", str(partial / "python"), "--requirement", str(lock_file)),
        ],
        check=True,
    )
    partial.rename(target)
    return target
