"""Makes the orders of a stage findable for staff, page by page; the orders service's own function does it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bus.context import Context
from ecom67.base.errors import CliError
from ecom67.stage_client import StageClient

OnPage = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the walk through the orders is.

    Attributes:
        seen: orders so far.
        indexed: those of them that had no entries, and have them now.
        following: where the next page begins, for ``--from``; None behind the last one.
    """

    seen: int = 0
    indexed: int = 0
    following: str | None = None


class OrderIndexing:
    """The walk through all orders of a stage.

    Parameters:
        functions: the client of AWS Lambda.
        arn: ARN of the orders service's command.
    """

    def __init__(self, functions: Any, arn: str) -> None:
        self._functions = functions
        self._arn = arn
        self._context = Context.begin().model_dump(mode="json", exclude_none=True)

    @classmethod
    def of(cls, stage: StageClient) -> "OrderIndexing":
        """Return the walk through the orders of a stage."""
        return cls(stage.client("lambda"), stage.published["orders/index-orders-arn"])

    def run(self, begin: str | None, on_page: OnPage) -> Progress:
        """Index all orders; return how many there were.

        Parameters:
            begin: where to begin, as a run that was cut short has named it; None for the first order.
            on_page: called after each page.

        Raises CliError where ``begin`` is no such place, or the function fails.
        """
        progress = Progress(following=begin)
        while True:
            report = self._index(progress.following)
            progress = Progress(
                progress.seen + report["seen"], progress.indexed + report["indexed"], report.get("following")
            )
            on_page(progress)
            if progress.following is None:
                return progress

    def _index(self, place: str | None) -> dict[str, Any]:
        payload = json.dumps({"context": self._context, "input": {"place": place} if place else {}})
        answer = self._functions.invoke(FunctionName=self._arn, Payload=payload)
        report: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            go_on = f"Go on with `--from {place}`." if place else "Begin again."
            raise CliError(f"The orders service failed: {report.get('errorMessage', report)}. {go_on}")
        if report["outcome"] != "DONE":
            raise CliError(f"There is no place {place!r} among the orders. Begin without `--from`.")
        return report
