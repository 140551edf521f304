"""Feeds real events to a handler in this process, so that a breakpoint stops in it."""

import json
import os
import time
import traceback
from dataclasses import dataclass

from bus.consumer import UnreadableMessageError
from bus.delivery_log import Outcome
from bus.replay import REPLAY_NAME_FIELD, replay_name_of
from ecom67.base.errors import CliError
from ecom67.events.consumers import consumer_in
from ecom67.events.journal import JournalledEvent
from ecom67.events.sandbox import DeniedError, denied
from ecom67.events.subscriptions import subscriptions
from ecom67.local.connection import connection
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one event.

    Attributes:
        event: the event.
        outcome: what became of it; None where it did not end.
        ms: milliseconds that it took.
        denied: the write or connection at which it was stopped.
        why: the traceback of what went wrong, or why it could not be read.
    """

    event: JournalledEvent
    outcome: Outcome | None
    ms: float
    denied: str | None = None
    why: str | None = None


class ReplayHere:
    """A consumer of this checkout, set up as its function is in a stage.

    Parameters:
        stage: whose tables it reads.
        module: that has the consumer, such as ``services.orders.events``.
        allowed: effects outside that it may have.
        write: whether it may write, and use the network.

    Raises CliError where the module has no consumer, or the stage no function of it.
    """

    def __init__(self, stage: StageClient, module: str, allowed: list[str], *, write: bool) -> None:
        # Before the module is imported: what it reads of the environment is read once.
        if stage.is_local:
            os.environ.update(connection().environment)
        self.consumer = consumer_in(module)
        os.environ.update(_environment(stage, self.consumer.name))
        self._name = replay_name_of("here", allowed)
        self._write = write

    def takes(self, event: JournalledEvent) -> bool:
        """Say whether the consumer has a handler for an event."""
        return (event.source, event.detail_type) in self.consumer.subscriptions

    def feed(self, event: JournalledEvent) -> Trial:
        """Have one event handled, and tell what came of it."""
        body = json.dumps({**event.message(), REPLAY_NAME_FIELD: self._name})
        started = time.perf_counter()

        def trial(outcome: Outcome | None, denied: str | None = None, why: str | None = None) -> Trial:
            return Trial(event, outcome, (time.perf_counter() - started) * 1000, denied, why)

        try:
            if self._write:
                return trial(self.consumer.handle(body))
            with denied():
                return trial(self.consumer.handle(body))
        except DeniedError as denial:
            return trial(None, denied=str(denial))
        except UnreadableMessageError as error:
            return trial(Outcome.QUARANTINED, why=str(error))
        except Exception:  # noqa: BLE001 - it is what the caller wants to see
            return trial(Outcome.FAILED, why=traceback.format_exc())


def _environment(stage: StageClient, consumer: str) -> dict[str, str]:
    function = next((rule.function for rule in subscriptions(stage) if rule.consumer == consumer), None)
    if function is None:
        raise CliError(f"Stage {stage.name} has no function that reads the bus as {consumer!r}. Deploy it first.")
    configuration = stage.client("lambda").get_function_configuration(FunctionName=function)
    variables: dict[str, str] = configuration.get("Environment", {}).get("Variables", {})
    return {name: value for name, value in variables.items() if not name.startswith("AWS_")}
