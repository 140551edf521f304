"""Replay in this process: passes journalled events to a consumer, so that a debugger can stop in its handlers."""

import json
import os
import time
import traceback
from dataclasses import dataclass

from bus.consumer import UnreadableMessageError
from bus.delivery_log import Outcome
from bus.journal_reader import IndexedEvent, JournalledEvent
from bus.replay_guard import REPLAY_NAME_FIELD, replay_name_of
from ecom67.base.errors import CliError
from ecom67.events.consumers import load_consumer
from ecom67.events.sandbox import SandboxError, sandbox
from ecom67.events.subscriptions import bus_rules
from ecom67.local.connection import connection
from ecom67.stage_client import StageClient


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """The result of handling one event.

    Attributes:
        event: the event.
        outcome: the outcome of the handler; None where the sandbox stopped it.
        ms: duration in milliseconds.
        blocked: the write or connection at which the sandbox stopped it.
        reason: the traceback of a failure, or why the event could not be read.
    """

    event: JournalledEvent
    outcome: Outcome | None
    ms: float
    blocked: str | None = None
    reason: str | None = None


class LocalReplay:
    """Runs a consumer of this checkout with the settings of its function in a stage.

    Parameters:
        stage: the stage whose settings and tables the consumer uses.
        module: module of the consumer, such as ``services.orders.events``.
        allowed: external effects that are not suppressed.
        write: whether the consumer may write and use the network.

    Raises CliError where the module has no consumer, or the stage has no function of it.
    """

    def __init__(self, stage: StageClient, module: str, allowed: list[str], *, write: bool) -> None:
        # Before the import of the module, which reads its settings once.
        if stage.is_local:
            os.environ.update(connection().environment)
        self.consumer = load_consumer(module)
        os.environ.update(_function_environment(stage, self.consumer.name))
        self._name = replay_name_of("here", allowed)
        self._write = write

    def subscribes_to(self, event: IndexedEvent) -> bool:
        """Return whether the consumer has a handler for an event."""
        return event.kind in self.consumer.subscriptions

    def handle(self, event: JournalledEvent) -> ReplayResult:
        """Pass an event to the consumer and return the result."""
        body = json.dumps({**event.message(), REPLAY_NAME_FIELD: self._name})
        started = time.perf_counter()

        def result(outcome: Outcome | None, blocked: str | None = None, reason: str | None = None) -> ReplayResult:
            return ReplayResult(event, outcome, (time.perf_counter() - started) * 1000, blocked, reason)

        try:
            if self._write:
                return result(self.consumer.handle(body))
            with sandbox():
                return result(self.consumer.handle(body))
        except SandboxError as error:
            return result(None, blocked=str(error))
        except UnreadableMessageError as error:
            return result(Outcome.QUARANTINED, reason=str(error))
        except Exception:  # noqa: BLE001 - the result that the caller wants to see
            return result(Outcome.FAILED, reason=traceback.format_exc())


def _function_environment(stage: StageClient, consumer: str) -> dict[str, str]:
    function = next((rule.function for rule in bus_rules(stage) if rule.consumer == consumer), None)
    if function is None:
        raise CliError(f"Stage {stage.name} has no function that reads the bus as {consumer!r}. Deploy it first.")
    configuration = stage.client("lambda").get_function_configuration(FunctionName=function)
    variables: dict[str, str] = configuration.get("Environment", {}).get("Variables", {})
    return {name: value for name, value in variables.items() if not name.startswith("AWS_")}
