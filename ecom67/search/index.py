"""Maintenance of a stage's search index, carried out step by step by the search service's own function."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

import botocore.session
from botocore.config import Config

from bus.context import Context
from ecom67.base.errors import CliError
from ecom67.base.stage_names import parameter_name

MAX_PASSES = 5
"""Comparisons of a new index with the catalog before the rebuild gives up."""
GRACE_SECONDS = 5.0
"""How long the previous index is kept for queries that still read it."""

Report = dict[str, Any]
OnProgress = Callable[[str, int, int | None], None]
"""Called with the phase, the number of products processed, and their total or None."""


class RunningStage(Protocol):
    """A running stage: its AWS clients and its published parameters."""

    def client(self, service: str) -> Any:
        """Return the client of an AWS service, given its botocore name."""

    def published(self) -> dict[str, str]:
        """Return the parameters that the stacks have published: ``{"search/find-arn": …}``."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences between the index and the catalog.

    Attributes:
        seen: number of products in the catalog.
        missing: ids of products that are missing or outdated in the index.
        orphans: ids of products that are in the index and no longer in the catalog.
    """

    seen: int
    missing: list[str]
    orphans: list[str]


class SearchIndex:
    """The search index of one stage.

    Every method raises CliError where the engine does not answer, or the function fails.

    Parameters:
        functions: the client of AWS Lambda.
        arn: ARN of the search service's maintenance function.
    """

    def __init__(self, functions: Any, arn: str) -> None:
        self._functions = functions
        self._arn = arn
        self._context = Context.begin().model_dump(mode="json", exclude_none=True)

    @classmethod
    def of(cls, stage: RunningStage) -> Self:
        """Return the index of the running local stage."""
        return cls(stage.client("lambda"), stage.published()["search/maintenance-arn"])

    @classmethod
    def in_aws(cls, stage: str) -> Self:
        """Return the index of a stage in AWS."""
        session = botocore.session.get_session()
        ssm: Any = session.create_client("ssm")
        parameter = ssm.get_parameter(Name=parameter_name(stage, "search", "maintenance-arn"))
        # A step may take as long as the function's own timeout.
        config = Config(read_timeout=130, retries={"total_max_attempts": 1})
        return cls(session.create_client("lambda", config=config), parameter["Parameter"]["Value"])

    def rebuild_reason(self) -> str | None:
        """Return why the index has to be rebuilt, as a sentence; None where it is usable."""
        page = self._invoke("compare", repair=False)
        if page["outcome"] == "OUTDATED":
            return "The index is of another version than the code."
        # A few products may still be on their way to the index.
        if 2 * len(page["missing"]) > page["seen"]:
            return "The index lacks most products of the catalog."
        return None

    def rebuild(self, on_progress: OnProgress, grace_seconds: float = GRACE_SECONDS) -> tuple[str, int]:
        """Build a new index from the catalog and switch to it once it is complete.

        Parameters:
            on_progress: called after each step.
            grace_seconds: how long the previous index is kept.

        Returns the name of the new index and its number of products.
        """
        build = self._run("begin")
        index: str = build["index"]
        try:
            seen, _ = self._run_paged("fill", on_progress, build["expected"], "Fill", index=index)
            for number in range(1, MAX_PASSES + 1):
                _, differing = self._run_paged("compare", on_progress, seen, f"Compare ({number})", index=index)
                if not differing:
                    break
            else:
                raise CliError(f"The catalog changes faster than it can be followed: {len(differing)} products differ.")
            self._run("go-live", index=index)
        except BaseException:
            self._abandon(index)
            raise
        time.sleep(grace_seconds)
        self._run("sweep")
        return index, seen

    def compare(self, on_progress: OnProgress, *, repair: bool) -> Differences:
        """Compare the live index with the catalog.

        Parameters:
            on_progress: called after each step.
            repair: whether the differences are repaired.
        """
        seen, missing = self._run_paged("compare", on_progress, None, "Compare with the catalog", repair=repair)
        _, orphans = self._run_paged("orphans", on_progress, seen, "Look for orphans", repair=repair)
        return Differences(seen, missing, orphans)

    def _run_paged(
        self, action: str, on_progress: OnProgress, total: int | None, title: str, **arguments: Any
    ) -> tuple[int, list[str]]:
        """Run an action page by page; return the number of products processed and the ids that differ."""
        seen, differing, cursor = 0, [], None
        while True:
            on_progress(title, seen, total)
            report = self._run(action, **arguments, **({"cursor": cursor} if cursor else {}))
            seen += report["seen"]
            differing += report["missing"] + report["outdated"] + report["orphans"]
            cursor = report.get("cursor")
            if cursor is None:
                on_progress(title, seen, seen)
                return seen, differing

    def _abandon(self, index: str) -> None:
        """Delete an unfinished index; does nothing where another build has begun or the engine does not answer."""
        try:
            self._run("abandon", index=index)
        except CliError:
            return

    def _run(self, action: str, **arguments: Any) -> Report:
        """Run an action; raises CliError unless it succeeds."""
        report = self._invoke(action, **arguments)
        if report["outcome"] == "OUTDATED":
            raise CliError("The index is of another version than the code. Rebuild it: `ecom67 search rebuild`.")
        if report["outcome"] == "SUPERSEDED":
            raise CliError("Somebody else has begun to build an index meanwhile. This one is given up.")
        return report

    def _invoke(self, action: str, **arguments: Any) -> Report:
        payload = {"context": self._context, "input": {"action": action, **arguments}}
        answer = self._functions.invoke(FunctionName=self._arn, Payload=json.dumps(payload).encode())
        report: Report = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise CliError(
                f"The step {action!r} failed: {report.get('errorMessage', report)}. See `ecom67 logs search`."
            )
        if report["outcome"] == "UNAVAILABLE":
            raise CliError("The search engine does not answer. Nothing has changed; try again when it is back.")
        return report
