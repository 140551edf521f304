"""HTTP routes of operations, all of them for staff: traces, quarantine, dead letters, differences between records."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from bus.log import logger
from bus.optimistic_locking import ConflictError
from services.operations import traces
from services.operations.api_models import (
    Acceptance,
    DeadLetterQueues,
    DeadLetterQueueView,
    DeadLetterView,
    DifferencePage,
    EventTrace,
    QuarantineList,
    QuarantineView,
    RedriveView,
)
from services.operations.dependencies import dead_letters, journal, quarantine, store
from services.operations.domain import Finding, FindingState
from services.operations.queues import UnknownQueueError

api = Api()
app = api.app

REDRIVE_TIME = timedelta(seconds=15)
"""How long one request sends dead letters; the API gives an answer 30 seconds."""
OLDEST = 20
"""Dead letters of each queue that are shown."""


@app.get("/api/staff/events", tags=["operations"])
@api.for_staff
def trace_events(
    order_id: Annotated[
        str, Query(alias="orderId", min_length=1, max_length=128, description="An order, a request, or an event.")
    ],
) -> EventTrace:
    """Read all events about an order as a tree by cause, with what is stuck of them (staff)."""
    found = traces.trace(journal(), quarantine(), dead_letters(), order_id)
    if found is None:
        sentence = "The journal has no event of it: there is no such order, or it is older than 30 days."
        raise Problem(404, "NOT_FOUND", sentence)
    return found


@app.get("/api/staff/quarantine", tags=["operations"])
@api.for_staff
def list_quarantine(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    consumer: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
) -> QuarantineList:
    """List the messages that a consumer could not read or has rejected, the newest first (staff)."""
    return QuarantineList(items=[QuarantineView.of(message) for message in quarantine().latest(limit, consumer)])


@app.get("/api/staff/dead-letters", tags=["operations"])
@api.for_staff
def list_dead_letters() -> DeadLetterQueues:
    """List the queues with messages that their consumer has failed to handle (staff)."""
    return DeadLetterQueues(
        items=[
            DeadLetterQueueView(
                queue=queue,
                messages=messages,
                oldest=[DeadLetterView.of(letter) for letter in dead_letters().peek(queue, OLDEST)],
            )
            for queue, messages in dead_letters().counts().items()
            if messages
        ]
    )


@app.post("/api/staff/dead-letters/<queue>/redrive", tags=["operations"])
@api.for_staff
def redrive_dead_letters(queue: Annotated[str, Path(max_length=80)]) -> RedriveView:
    """Send the dead letters of a queue to their consumer again (staff). What fails again comes back."""
    try:
        done = dead_letters().redrive(queue, REDRIVE_TIME.total_seconds())
    except UnknownQueueError:
        raise not_found("queue") from None
    logger.info("dead letters sent again", queue=queue, sent=done.sent, left=done.left, staff=api.caller().user_id)
    return RedriveView(queue=queue, sent=done.sent, left=done.left)


@app.get("/api/staff/differences", tags=["operations"])
@api.for_staff
def list_differences(
    state: FindingState = FindingState.OPEN,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> DifferencePage:
    """List the differences that reconciliation has found between the records of the services (staff)."""
    try:
        items, next_cursor = store().list(state, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return DifferencePage(items=items, next_cursor=next_cursor)


@app.post("/api/staff/differences/<difference_id>/accept", tags=["operations"])
@api.for_staff
def accept_difference(
    difference_id: Annotated[str, Path(max_length=300)], acceptance: Annotated[Acceptance, Body()]
) -> Finding:
    """Note that a difference is known and needs nobody any more: it raises no alarm again (staff)."""
    finding = store().get(difference_id)
    if finding is None:
        raise not_found("difference")
    accepted = finding.accepted(api.caller().user_id, acceptance.note)
    try:
        store().save(accepted, finding)
    except ConflictError:
        raise Problem(409, "CHANGED", "It has changed just now. Look at it again.") from None
    logger.info("difference accepted", difference_id=difference_id, staff=accepted.accepted_by)
    return accepted
