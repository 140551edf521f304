"""Runs the checkout's state machine and waits for its outcome."""

import json
import os
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bus.clients import client
from bus.context import current
from bus.log import logger
from bus.settings import Settings
from services.checkout.domain import Checkout, Outcome

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient

ANSWER_SECONDS = 27
"""The HTTP API cuts an integration off after 30 s."""


class WorkflowSettings(Settings):
    """What the stack tells the API of the state machine."""

    state_machine_arn: str


class RunFaultError(Exception):
    """A run ended without an outcome, or did not end in time.

    Attributes:
        ended: whether the run is known to be over. Whether the card was charged is not known: the
            same request again, or the payment's event, finds out.
    """

    def __init__(self, reason: str, *, ended: bool) -> None:
        super().__init__(reason)
        self.ended = ended


class Workflow:
    """The state machine of checkout.

    Parameters:
        stepfunctions: the Step Functions client.
        state_machine_arn: of the Express workflow.
    """

    def __init__(self, stepfunctions: "SFNClient", state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn

    @classmethod
    def of(cls, settings: WorkflowSettings) -> "Workflow":
        """Return the workflow of the settings."""
        config = Config(
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": 1},
            # Synchronous runs have a host name of their own, which a single endpoint does not have.
            inject_host_prefix="AWS_ENDPOINT_URL" not in os.environ,
        )
        return cls(client("stepfunctions", config), settings.state_machine_arn)

    def run(self, checkout: Checkout, *, confirming: bool) -> Outcome:
        """Run the state machine for a checkout; return its outcome. Raises RunFaultError.

        A checkout that has a quote already is resumed with it: what may have been charged before must
        be what is charged now. What is decided already is carried out.
        """
        given = {
            "context": current().model_dump(mode="json", exclude_none=True),
            "orderId": checkout.order_id,
            "userId": checkout.user_id,
            "status": checkout.status,
            "request": checkout.wanted.model_dump(mode="json", exclude_none=True),
            "quote": checkout.quote.model_dump(mode="json", exclude_none=True) if checkout.quote else None,
            "paymentIntentId": checkout.payment_intent_id,
            "resumed": checkout.quote is not None,
            "confirming": confirming,
        }
        try:
            answer = self._stepfunctions.start_sync_execution(
                stateMachineArn=self._state_machine_arn, name=checkout.order_id, input=json.dumps(given)
            )
        except (ClientError, BotoCoreError) as error:
            logger.exception("checkout did not answer", order_id=checkout.order_id)
            raise RunFaultError(str(error), ended=False) from error
        if answer["status"] != "SUCCEEDED":
            reason = f"{answer.get('error', answer['status'])}: {answer.get('cause', '')}"
            logger.error("checkout ended with a fault", order_id=checkout.order_id, reason=reason)
            raise RunFaultError(reason, ended=True)
        return Outcome.model_validate_json(answer["output"], extra="ignore")
