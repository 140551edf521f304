"""Where the node's libraries come from, and how it is started."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import HOST

FOLDER = Path(__file__).parent
POM = FOLDER / "pom.xml"
LIBRARIES = ROOT / ".cache" / "opensearch"
DATA = ROOT / ".cache" / "opensearch-nodes"
"""Of the nodes that people run, each in a folder named after its port."""
PORT = 9200
OLDEST_JAVA = 17
READY_SECONDS = 90.0
ANSWER_SECONDS = 5.0
MOST_SECONDS = 600
"""For the download, the first time."""


@cache
def missing() -> str | None:
    """Return what this machine lacks for a node, as a sentence; None where nothing is missing."""
    java = shutil.which("java")
    if java is None:
        return f"Java is missing: a node needs a JDK {OLDEST_JAVA} or newer."
    told = subprocess.run([java, "--version"], capture_output=True, text=True, check=False).stdout.split()
    version = told[1].partition(".")[0] if len(told) > 1 else ""
    if not version.isdigit() or int(version) < OLDEST_JAVA:
        return f"Java is too old: a node needs a JDK {OLDEST_JAVA} or newer, and `java --version` says {told[:2]}."
    if shutil.which("mvn") is None and not _libraries().exists():
        return "Maven is missing: it fetches the node's libraries."
    return None


def libraries() -> Path:
    """Return the folder of the node's libraries, which are fetched once.

    Raises CliError where they cannot be had.
    """
    if lack := missing():
        raise CliError(lack)
    target = _libraries()
    if target.exists():
        return target
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    log = LIBRARIES / "maven.log"
    LIBRARIES.mkdir(parents=True, exist_ok=True)
    with log.open("w") as written:
        done = subprocess.run(
            ["mvn", "--batch-mode", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={partial}"],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=MOST_SECONDS,
        )
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        raise CliError("Maven could not fetch the node's libraries.", log)
    if target.exists():
        shutil.rmtree(partial, ignore_errors=True)
    else:
        partial.rename(target)
    return target


def node(state: Path, port: int = PORT, *, heap: str = "512m", quick_start: bool = False) -> StageProcess:
    """Return the process of a node.

    Parameters:
        state: folder of its data and its log.
        port: of its HTTP interface, on 127.0.0.1.
        heap: memory of the Java machine.
        quick_start: whether it is for a short run, in which compiling well does not pay.
    """
    options = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC") if quick_start else ()
    return StageProcess(
        name="opensearch",
        title="OpenSearch",
        command=(
            *("java", f"-Xms{heap}", f"-Xmx{heap}", *options, "-cp", f"{libraries()}/*"),
            *(str(FOLDER / "SearchNode.java"), str(port), str(state / "opensearch")),
        ),
        environment={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        port=port,
        health_path="/_cluster/health",
        state=state,
        port_option="--port",
    )


@contextmanager
def running(process: StageProcess) -> Iterator[StageProcess]:
    """Start a node, wait until it answers, and stop it in the end; raises CliError where it does not start."""
    process.start()
    try:
        process.await_ready(READY_SECONDS)
        yield process
    finally:
        process.stop()


def chosen() -> str | None:
    """Return the address of the node that the stage is to search with, from ``OPENSEARCH_URL``; None for none."""
    return os.environ.get("OPENSEARCH_URL") or None


def version_at(url: str) -> str:
    """Return the version of the node at an address; raises CliError where none answers."""
    try:
        told = httpx.get(url, timeout=ANSWER_SECONDS, trust_env=False).raise_for_status().json()
        version: str = told["version"]["number"]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise CliError(
            f"OPENSEARCH_URL is {url}, and no OpenSearch answers there ({error}). "
            "Run one with `make opensearch`, or unset it to search without."
        ) from None
    return version


def url_of(process: StageProcess) -> str:
    """Return what ``OPENSEARCH_URL`` has to be to use a node."""
    return f"http://{HOST}:{process.port}"


def _libraries() -> Path:
    return LIBRARIES / hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
