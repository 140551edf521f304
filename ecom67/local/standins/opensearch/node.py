"""Installation and start of the OpenSearch node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ecom67.base.errors import CliError
from ecom67.base.java import JavaLibraries
from ecom67.base.paths import ROOT
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import HOST

FOLDER = Path(__file__).parent
LIBRARIES = JavaLibraries(FOLDER / "pom.xml", "opensearch")
DATA = ROOT / ".cache" / "opensearch-nodes"
"""Data of the nodes of ``ecom67 opensearch``, in a folder per port."""
PORT = 9200
READY_SECONDS = 90.0
REQUEST_TIMEOUT_SECONDS = 5.0


def missing() -> str | None:
    """Return which requirement of a node is missing, as a sentence; None where all are met."""
    return LIBRARIES.missing()


def node(state: Path, port: int = PORT, *, heap: str = "512m", quick_start: bool = False) -> StageProcess:
    """Return the process of a node.

    Parameters:
        state: folder of its data and log.
        port: HTTP port on 127.0.0.1.
        heap: heap size of the JVM.
        quick_start: whether to optimise for a short run, with less compilation.
    """
    options = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC") if quick_start else ()
    return StageProcess(
        name="opensearch",
        title="OpenSearch",
        command=(
            *("java", f"-Xms{heap}", f"-Xmx{heap}", *options, "-cp", f"{LIBRARIES.fetch()}/*"),
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
    """Run a node within the block; raises CliError where it does not start."""
    process.start()
    try:
        process.await_ready(READY_SECONDS)
        yield process
    finally:
        process.stop()


def configured_url() -> str | None:
    """Return the URL of the node that the stage searches with, from ``OPENSEARCH_URL``; None where it is not set."""
    return os.environ.get("OPENSEARCH_URL") or None


def version_at(url: str) -> str:
    """Return the version of the node at a URL; raises CliError where none answers."""
    try:
        answer = httpx.get(url, timeout=REQUEST_TIMEOUT_SECONDS, trust_env=False).raise_for_status().json()
        version: str = answer["version"]["number"]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise CliError(
            f"OPENSEARCH_URL is {url}, and no OpenSearch answers there ({error}). "
            "Run one with `make opensearch`, or unset it to search without."
        ) from None
    return version


def url_of(process: StageProcess) -> str:
    """Return the URL of a node, for ``OPENSEARCH_URL``."""
    return f"http://{HOST}:{process.port}"
