"""Paged lists, newest first, as every Stripe list is."""

from ecom67.local.standins.stripe.answers import Answer, invalid, missing
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.form import Form
from ecom67.local.standins.stripe.store import Selection

PAGING = frozenset({"limit", "starting_after", "ending_before", "created", "expand"})

_URLS = {"payment_intent": "payment_intents", "charge": "charges", "refund": "refunds", "event": "events"}
_DEFAULT_LIMIT, _LARGEST_LIMIT = 10, 100


def listing(call: Call, kind: str, *, payment: str | None = None, types: tuple[str, ...] = ()) -> Answer:
    """Answer one page of the objects of a kind, narrowed by `created`, by PaymentIntent and by event types."""
    limit = call.form.integer("limit") or _DEFAULT_LIMIT
    if limit > _LARGEST_LIMIT:
        message = f"The limit must be at most {_LARGEST_LIMIT}."
        raise invalid(message, param="limit", code="parameter_invalid_integer")
    since, until = _period(call.form)
    selection = Selection(kind, limit + 1, since=since, until=until, payment=payment, types=types)
    after, before = _place(call, "starting_after"), _place(call, "ending_before")
    if before is not None:
        found = call.store.next_newer(selection, above=before)
        page = found[-limit:]
    else:
        found = call.store.newest(selection) if after is None else call.store.newest(selection, below=after)
        page = found[:limit]
    body = {"object": "list", "url": f"/v1/{_URLS[kind]}", "has_more": len(found) > limit, "data": page}
    return Answer(200, body)


def _place(call: Call, cursor: str) -> int | None:
    object_id = call.form.text(cursor)
    if object_id is None:
        return None
    place = call.store.position(object_id)
    if place is None:
        raise missing("object", object_id, param=cursor)
    return place


def _period(form: Form) -> tuple[int, int]:
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
