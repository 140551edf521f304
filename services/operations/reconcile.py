"""The scheduled function: compares the records every hour (the Lambda handler)."""

from datetime import timedelta
from typing import Protocol

from pydantic import Field

from bus.context import Context, use_context
from bus.log import logger
from schemas.contract import Contract
from services.operations.dependencies import NoStripeKeyError, reconciliation


class LambdaContext(Protocol):
    """What is asked of the invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how much time is left, in milliseconds."""


class ReconcileInput(Contract):
    """What an operator may choose who starts a run by hand; the timer sends nothing."""

    grace_seconds: int = Field(
        default=600, ge=0, description="Orders that moved within that time are left to the next run."
    )


class RunSummary(Contract):
    """What a run has done: ids of differences."""

    orders: int
    found: list[str]
    repaired: list[str]
    need_person: list[str]
    resolved: list[str]
    left_out: int


def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Compare and repair; return what was done."""
    given = ReconcileInput.model_validate(event, extra="ignore")
    with use_context(Context.begin()):
        try:
            report = reconciliation().run(
                timedelta(seconds=given.grace_seconds), lambda: context.get_remaining_time_in_millis() / 1000
            )
        except NoStripeKeyError as error:
            logger.warning("nothing is compared", reason=str(error))
            return {}
        summary = RunSummary.model_validate(report, from_attributes=True).model_dump(mode="json")
        logger.info("records compared", **{name: value for name, value in summary.items() if value})
        return summary
