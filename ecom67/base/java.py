"""Java and the libraries that Maven fetches, for the engines that run on them."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ecom67.base.errors import CliError
from ecom67.base.paths import CACHE

MIN_JAVA_VERSION = 17
DOWNLOAD_TIMEOUT_SECONDS = 600


@cache
def missing_java() -> str | None:
    """Return why Java programs cannot run on this machine, as a sentence; None where they can."""
    java = shutil.which("java")
    if java is None:
        return f"Java is missing: a JDK {MIN_JAVA_VERSION} or newer is needed."
    words = subprocess.run([java, "--version"], capture_output=True, text=True, check=False).stdout.split()
    version = words[1].partition(".")[0] if len(words) > 1 else ""
    if not version.isdigit() or int(version) < MIN_JAVA_VERSION:
        return f"Java is too old: a JDK {MIN_JAVA_VERSION} or newer is needed, and `java --version` says {words[:2]}."
    return None


@dataclass(frozen=True, slots=True)
class JavaLibraries:
    """The libraries that a pom names, in a cache of the checkout.

    Attributes:
        pom: the pom; a changed one gets a folder of its own.
        name: name of their folder in the cache.
    """

    pom: Path
    name: str

    @property
    def is_fetched(self) -> bool:
        """Whether they are in the cache."""
        return self._target.exists()

    def missing(self) -> str | None:
        """Return which requirement of a program with these libraries is missing, as a sentence; None if none is."""
        if lack := missing_java():
            return lack
        if shutil.which("mvn") is None and not self.is_fetched:
            return f"Maven is missing: it fetches the libraries of {self.name}."
        return None

    def fetch(self) -> Path:
        """Return the folder of the libraries, downloaded if needed.

        Raises CliError where a requirement is missing, or the download fails or has another checksum than published.
        """
        if requirement := self.missing():
            raise CliError(requirement)
        target = self._target
        if target.exists():
            return target
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        log = target.parent / "maven.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            result = subprocess.run(
                [
                    *("mvn", "--batch-mode", "--strict-checksums", "-f", str(self.pom)),
                    *("dependency:copy-dependencies", f"-DoutputDirectory={partial}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=DOWNLOAD_TIMEOUT_SECONDS,
            )
        if result.returncode:
            shutil.rmtree(partial, ignore_errors=True)
            raise CliError(f"Maven could not fetch the libraries of {self.name}.", log)
        if target.exists():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.rename(target)
        return target

    @property
    def _target(self) -> Path:
        return CACHE / self.name / hashlib.sha256(self.pom.read_bytes()).hexdigest()[:16]
