"""In which request, and because of which event, the code that runs now was started."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bus.log import logger
from schemas.contract import Contract
from schemas.event import new_event_id


class Context(Contract):
    """The cause of what happens now. Every event raised meanwhile carries it in its metadata."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    replay_name: str | None = None

    @classmethod
    def begin(cls, traceparent: str | None = None) -> "Context":
        """Return the context of something that nothing on the bus has caused: a request, a timer."""
        return cls(correlation_id=new_event_id(), traceparent=traceparent)

    def caused_by(self, event_id: str | None) -> "Context":
        """Return this context with another cause; the same where ``event_id`` is None."""
        return self.model_copy(update={"causation_id": event_id}) if event_id else self


_current: ContextVar[Context] = ContextVar("context")


def current() -> Context:
    """Return the context that was entered; raises LookupError outside of any.

    There is no silent default: an event whose cause is unknown would be a hole in every trace.
    """
    return _current.get()


@contextmanager
def entered(context: Context) -> Iterator[Context]:
    """Make ``context`` the current one, also for the log, until the block ends."""
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
