"""Paged lists, newest first, as all lists of Stripe."""

from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.responses import ApiResponse, invalid, missing
from ecom67.local.standins.stripe.store import ListQuery

PAGING = frozenset({"limit", "starting_after", "ending_before", "created", "expand"})

_URLS = {"payment_intent": "payment_intents", "charge": "charges", "refund": "refunds", "event": "events"}
_DEFAULT_LIMIT, _MAX_LIMIT = 10, 100


def listing(call: Call, kind: str, *, payment: str | None = None, types: tuple[str, ...] = ()) -> ApiResponse:
    """Return a page of objects of a kind, filtered by `created`, PaymentIntent and event types."""
    limit = call.form.integer("limit") or _DEFAULT_LIMIT
    if limit > _MAX_LIMIT:
        message = f"The limit must be at most {_MAX_LIMIT}."
        raise invalid(message, param="limit", code="parameter_invalid_integer")
    since, until = _period(call.form)
    query = ListQuery(kind, limit + 1, since=since, until=until, payment=payment, types=types)
    after, before = _position(call, "starting_after"), _position(call, "ending_before")
    if before is not None:
        documents = call.store.next_newer(query, above=before)
        page = documents[-limit:]
    else:
        documents = call.store.newest(query) if after is None else call.store.newest(query, below=after)
        page = documents[:limit]
    body = {"object": "list", "url": f"/v1/{_URLS[kind]}", "has_more": len(documents) > limit, "data": page}
    return ApiResponse(200, body)


def _position(call: Call, cursor: str) -> int | None:
    object_id = call.form.text(cursor)
    if object_id is None:
        return None
    position = call.store.position(object_id)
    if position is None:
        raise missing("object", object_id, param=cursor)
    return position


def _period(form: RequestForm) -> tuple[int, int]:
    if "created" not in form:
        return 0, 2**62
    if isinstance(form.tree()["created"], str):
        moment = form.integer("created") or 0
        return moment, moment
    bounds = form.part("created")
    bounds.accept({"gt", "gte", "lt", "lte"})
    after, before = bounds.integer("gt"), bounds.integer("lt")
    since = bounds.integer("gte") or 0 if after is None else after + 1
    until = bounds.integer("lte") or 2**62 if before is None else before - 1
    return since, until
