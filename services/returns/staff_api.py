"""HTTP routes of returns for staff: what is on its way back, what came back, and withdrawals that name no order."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from services.returns.api_models import ReceivedGoods, ReturnPage, StaffReturnView, UnmatchedPage, UnmatchedWithdrawal
from services.returns.dependencies import store
from services.returns.domain import Return, ReturnStatus, UnexpectedUnitsError, WrongStatusError
from services.returns.store import ReturnChange

api = Api()
app = api.app
ReturnIdInPath = Annotated[str, Path(min_length=1, max_length=160)]


@app.get("/api/staff/returns", tags=["returns"])
@api.for_staff
def list_returns(
    status: Annotated[ReturnStatus, Query()] = ReturnStatus.REQUESTED,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> ReturnPage:
    """List the returns in a status, newest first (staff)."""
    try:
        returns, next_cursor = store().list_by_status(status, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return ReturnPage(items=[StaffReturnView.of(each) for each in returns], next_cursor=next_cursor)


@app.get("/api/staff/returns/<return_id>", tags=["returns"])
@api.for_staff
def get_return(return_id: ReturnIdInPath) -> StaffReturnView:
    """Read a return (staff)."""
    found = store().find(return_id)
    if found is None:
        raise not_found("return")
    return StaffReturnView.of(found)


@app.post("/api/staff/returns/<return_id>/receive", tags=["returns"], status_code=202)
@api.for_staff
def receive_return(return_id: ReturnIdInPath, goods: Annotated[ReceivedGoods, Body()]) -> Response[StaffReturnView]:
    """Record what came back, to be sold again or written off; its money is requested (staff).

    The same goods again change nothing. What was announced and did not come back can be announced again.
    """
    by = api.caller().user_id
    try:
        return _changed(
            store().update(return_id, lambda each, others: each.came_back(goods.lines, others, by, datetime.now(UTC)))
        )
    except UnexpectedUnitsError as error:
        raise Problem(422, "UNEXPECTED_UNITS", str(error)) from None
    except WrongStatusError as error:
        raise _wrong_status(error) from None


@app.post("/api/staff/returns/<return_id>/close", tags=["returns"], status_code=202)
@api.for_staff
def close_return(return_id: ReturnIdInPath) -> Response[StaffReturnView]:
    """Close a return of which nothing more is expected (staff)."""
    by = api.caller().user_id

    def rule(each: Return, _others: object) -> ReturnChange | None:
        after = each.closed(by, datetime.now(UTC))
        return (after, None) if after else None

    try:
        return _changed(store().update(return_id, rule))
    except WrongStatusError as error:
        raise _wrong_status(error) from None


@app.get("/api/staff/withdrawals", tags=["returns"])
@api.for_staff
def list_unmatched_withdrawals(
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> UnmatchedPage:
    """List the confirmed withdrawals that name no order and wait for an answer, newest first (staff)."""
    try:
        withdrawals, next_cursor = store().list_unmatched(limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return UnmatchedPage(items=[UnmatchedWithdrawal.of(each) for each in withdrawals], next_cursor=next_cursor)


@app.post("/api/staff/withdrawals/<withdrawal_id>/close", tags=["returns"], status_code=204)
@api.for_staff
def close_unmatched_withdrawal(withdrawal_id: Annotated[str, Path(min_length=1, max_length=64)]) -> Response[None]:
    """Close a withdrawal that names no order, once it was answered; what was typed is forgotten (staff)."""
    if not store().close_unmatched(withdrawal_id, api.caller().user_id, datetime.now(UTC)):
        raise not_found("withdrawal that waits for an answer")
    return Response(status_code=204)


def _changed(returned: Return | None) -> Response[StaffReturnView]:
    if returned is None:
        raise not_found("return")
    return Response(status_code=202, content_type="application/json", body=StaffReturnView.of(returned))


def _wrong_status(error: WrongStatusError) -> Problem:
    return Problem(409, "WRONG_STATUS", f"The return is {error.status.lower()}.", returnStatus=error.status)
