"""Third-party packages of the functions: one layer a dependency set, built for Lambda without Docker."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.function_package import ROOT

LAYERS = ROOT / ".cache" / "layers"
PLATFORM = "aarch64-manylinux_2_28"
PYTHON_VERSION = "3.13"


def dependency_layer(scope: Construct, requirements: str) -> lambda_.LayerVersion:
    """Return the layer of a dependency set: the lock file ``requirements/<requirements>.txt``."""
    return lambda_.LayerVersion(
        scope,
        f"Dependencies{requirements.capitalize()}",
        code=lambda_.Code.from_asset(str(built(ROOT / "requirements" / f"{requirements}.txt"))),
        compatible_architectures=[lambda_.Architecture.ARM_64],
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        description=f"e-com67: {requirements} dependencies",
    )


def built(lock: Path) -> Path:
    """Install a lock file for the Lambda platform into a folder and return it; once a content.

    Raises subprocess.CalledProcessError where a package has no wheel for the platform.
    """
    key = hashlib.sha256(f"{PLATFORM} {PYTHON_VERSION}\n{lock.read_text()}".encode()).hexdigest()[:16]
    target = LAYERS / f"{lock.stem}-{key}"
    if target.exists():
        return target
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
            *("--python-platform", PLATFORM, "--python-version", PYTHON_VERSION, "--only-binary", ":all:"),
            *("--no-compile-bytecode", "--target", str(partial / "python"), "--requirement", str(lock)),
        ],
        check=True,
    )
    partial.rename(target)
    return target
