"""The search index of a stage: looked at, built anew, compared. Search's own function does the work, step by step."""

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

MOST_PASSES = 5
"""Comparisons of a new index with the catalog until nothing differs."""
GRACE_SECONDS = 5.0
"""For queries that still read the index before."""

Report = dict[str, Any]
OnProgress = Callable[[str, int, int | None], None]
"""Is called with what is done, how many products it has seen, and how many there are, as far as that is known."""


class Stage(Protocol):
    """A stage that runs: clients of its AWS, and what its stacks have published."""

    def client(self, service: str) -> Any:
        """Return the client of an AWS service, by botocore's name of it."""

    def published(self) -> dict[str, str]:
        """Return what the stacks have published: ``{"search/find-arn": …}``."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Where an index is not as the catalog.

    Attributes:
        seen: products of the catalog.
        lacking: ids of those that the index lacks or holds in an older form.
        strays: ids of those that it shows and the catalog does not.
    """

    seen: int
    lacking: list[str]
    strays: list[str]


class SearchIndex:
    """The index of one stage.

    Every method raises CliError where the engine does not answer, or the function fails.

    Parameters:
        functions: the client of AWS Lambda.
        arn: of search's function for maintenance.
    """

    def __init__(self, functions: Any, arn: str) -> None:
        self._functions = functions
        self._arn = arn
        self._context = Context.begin().model_dump(mode="json", exclude_none=True)

    @classmethod
    def of(cls, stage: Stage) -> Self:
        """Return the index of a running local stage, which has the stack of search."""
        return cls(stage.client("lambda"), stage.published()["search/maintenance-arn"])

    @classmethod
    def in_aws(cls, stage: str) -> Self:
        """Return the index of a stage in AWS, which has the stack of search."""
        session = botocore.session.get_session()
        ssm: Any = session.create_client("ssm")
        parameter = ssm.get_parameter(Name=parameter_name(stage, "search", "maintenance-arn"))
        # A step may take as long as its function.
        config = Config(read_timeout=130, retries={"total_max_attempts": 1})
        return cls(session.create_client("lambda", config=config), parameter["Parameter"]["Value"])

    def rebuild_reason(self) -> str | None:
        """Return why it has to be built anew, as a sentence; None where it can be answered from."""
        page = self._report("compare", repair=False)
        if page["outcome"] == "OUTDATED":
            return "The index is of another version than the code."
        # A few may be on their way.
        if 2 * len(page["missing"]) > page["seen"]:
            return "The index lacks most products of the catalog."
        return None

    def rebuild(self, on_progress: OnProgress, grace_seconds: float = GRACE_SECONDS) -> tuple[str, int]:
        """Build an index beside the live one from the catalog, and answer from it once it is complete.

        Parameters:
            on_progress: told how far it is.
            grace_seconds: that the index before stays for who still reads it.

        Returns the new index's name and how many products it holds.
        """
        begun = self._take("begin")
        index: str = begun["index"]
        try:
            seen, _ = self._paged("fill", on_progress, begun["expected"], "Fill", index=index)
            for number in range(1, MOST_PASSES + 1):
                _, differing = self._paged("compare", on_progress, seen, f"Compare ({number})", index=index)
                if not differing:
                    break
            else:
                raise CliError(f"The catalog changes faster than it can be followed: {len(differing)} products differ.")
            self._take("go-live", index=index)
        except BaseException:
            self._abandon(index)
            raise
        time.sleep(grace_seconds)
        self._take("sweep")
        return index, seen

    def compare(self, on_progress: OnProgress, *, repair: bool) -> Differences:
        """Compare the live index with the catalog.

        Parameters:
            on_progress: told how far it is.
            repair: whether the index is made as the catalog is.
        """
        seen, lacking = self._paged("compare", on_progress, None, "Compare with the catalog", repair=repair)
        _, strays = self._paged("strays", on_progress, seen, "Look for strays", repair=repair)
        return Differences(seen, lacking, strays)

    def _paged(
        self, action: str, on_progress: OnProgress, total: int | None, title: str, **said: Any
    ) -> tuple[int, list[str]]:
        """Take a step of many until the last; return how many products were seen, and which differ."""
        seen, differing, cursor = 0, [], None
        while True:
            on_progress(title, seen, total)
            report = self._take(action, **said, **({"cursor": cursor} if cursor else {}))
            seen += report["seen"]
            differing += report["missing"] + report["outdated"] + report["strays"]
            cursor = report.get("cursor")
            if cursor is None:
                on_progress(title, seen, seen)
                return seen, differing

    def _abandon(self, index: str) -> None:
        """Give a new index up, unless somebody else's is being built by now or the engine is away."""
        try:
            self._take("abandon", index=index)
        except CliError:
            return

    def _take(self, action: str, **said: Any) -> Report:
        """Take a step that must come off."""
        report = self._report(action, **said)
        if report["outcome"] == "OUTDATED":
            raise CliError("The index is of another version than the code. Build it anew: `ecom67 search rebuild`.")
        if report["outcome"] == "SUPERSEDED":
            raise CliError("Somebody else has begun to build an index meanwhile. This one is given up.")
        return report

    def _report(self, action: str, **said: Any) -> Report:
        payload = {"context": self._context, "input": {"action": action, **said}}
        answer = self._functions.invoke(FunctionName=self._arn, Payload=json.dumps(payload).encode())
        report: Report = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise CliError(
                f"The step {action!r} failed: {report.get('errorMessage', report)}. See `ecom67 logs search`."
            )
        if report["outcome"] == "UNAVAILABLE":
            raise CliError("The search engine does not answer. Nothing has changed; try again when it is back.")
        return report
