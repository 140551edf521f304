"""Programs in Go that tests run, built by ``go install`` into a cache of the checkout."""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from ecom67.base.errors import CliError
from ecom67.base.paths import CACHE

BUILD_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class GoProgram:
    """A program of a Go module. Go's checksum database vouches for the module and all that it needs.

    Attributes:
        package: path of its package.
        version: version of its module.
    """

    package: str
    version: str

    @property
    def name(self) -> str:
        """Return the name of the program."""
        return self.package.rpartition("/")[2]

    @property
    def is_built(self) -> bool:
        """Whether it is in the cache."""
        return (self._folder / self.name).exists()

    def build(self) -> Path:
        """Return the program, built if needed; raises CliError where Go is missing or the build fails."""
        folder = self._folder
        if self.is_built:
            return folder / self.name
        if shutil.which("go") is None:
            raise CliError(f"Go is missing: it builds {self.name}.")
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "log"
        with (folder / "lock").open("w") as lock, log.open("w") as output:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.is_built:
                result = subprocess.run(
                    ["go", "install", f"{self.package}@{self.version}"],
                    env={**os.environ, "GOBIN": str(folder)},
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                    timeout=BUILD_TIMEOUT_SECONDS,
                )
                if result.returncode:
                    raise CliError(f"Go could not build {self.name}.", log)
        return folder / self.name

    @property
    def _folder(self) -> Path:
        return CACHE / "go" / f"{self.name}-{self.version}"

    def build_or_skip(self) -> Path:
        """Return the program, built if needed; skips the test, and says why, where it cannot be had."""
        try:
            return self.build()
        except CliError as fault:
            pytest.skip(str(fault))


STRIPE_MOCK = GoProgram("github.com/stripe/stripe-mock", "v0.203.0")
"""Answers by Stripe's own description of its API."""
LAMBDA_RIE = GoProgram(
    "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie", "v0.0.0-20261030222936-bef5c4ba774d"
)
"""AWS's emulator of Lambda's runtime interface, which AWS's base images have."""
