"""The context of the running code: the request that it belongs to, and the event that caused it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bus.log import logger
from schemas.contract import Contract
from schemas.event import new_event_id


class Context(Contract):
    """The request and the cause. Every event that is raised in a context carries both in its metadata."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    replay_name: str | None = None

    @classmethod
    def begin(cls, traceparent: str | None = None) -> "Context":
        """Return the context of what no event has caused: a request or a timer.

        Parameters:
            traceparent: W3C trace context of the request.
        """
        return cls(correlation_id=new_event_id(), traceparent=traceparent)

    def caused_by(self, event_id: str | None) -> "Context":
        """Return this context with another cause; the same where ``event_id`` is None."""
        return self.model_copy(update={"causation_id": event_id}) if event_id else self


_current: ContextVar[Context] = ContextVar("context")


def current() -> Context:
    """Return the current context.

    Raises LookupError outside of any. There is no silent default: an event without a cause would be a hole in every
    trace.
    """
    return _current.get()


@contextmanager
def use_context(context: Context) -> Iterator[Context]:
    """Make a context the current one, also in the log, until the block ends."""
    token = _current.set(context)
    logger.append_keys(**_log_keys(context))
    try:
        yield context
    finally:
        _current.reset(token)
        outer = _current.get(None)
        logger.remove_keys(list(_log_keys(context)))
        if outer:
            logger.append_keys(**_log_keys(outer))


def _log_keys(context: Context) -> dict[str, str | None]:
    return {"correlation_id": context.correlation_id, "causation_id": context.causation_id}
