"""Runs the state machine of checkout and waits for its outcome."""

import json
import os
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bus.clients import client
from bus.context import current
from bus.log import logger
from bus.settings import Settings
from services.checkout.domain import Checkout, CheckoutOutcome

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.client import SFNClient

RESPONSE_TIMEOUT_SECONDS = 27
"""The HTTP API cuts an integration off after 30 s."""


class WorkflowSettings(Settings):
    """Environment of the API: the ARN of the state machine."""

    state_machine_arn: str


class WorkflowFailedError(Exception):
    """A run ended without an outcome, or did not end in time.

    Attributes:
        has_ended: whether the run is known to be over. Whether the card was charged is not known: the same request
            again, or the payment's event, finds out.
    """

    def __init__(self, reason: str, *, has_ended: bool) -> None:
        super().__init__(reason)
        self.has_ended = has_ended


class CheckoutWorkflow:
    """The state machine of checkout.

    Parameters:
        stepfunctions: the Step Functions client.
        state_machine_arn: ARN of the Express workflow.
    """

    def __init__(self, stepfunctions: "SFNClient", state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn

    @classmethod
    def from_settings(cls, settings: WorkflowSettings) -> "CheckoutWorkflow":
        """Return the workflow of the settings, with a client of its own."""
        config = Config(
            read_timeout=RESPONSE_TIMEOUT_SECONDS,
            retries={"total_max_attempts": 1},
            # Synchronous runs have a host name of their own, which a single endpoint does not have.
            inject_host_prefix="AWS_ENDPOINT_URL" not in os.environ,
        )
        return cls(client("stepfunctions", config), settings.state_machine_arn)

    def run(self, checkout: Checkout, *, confirming: bool) -> CheckoutOutcome:
        """Run the state machine for a checkout, in the current context, and return its outcome.

        Parameters:
            checkout: the checkout, on which the caller has the lease.
            confirming: whether the shopper has completed 3-D Secure.

        Raises WorkflowFailedError.
        """
        given = json.dumps(execution_input(checkout, confirming=confirming))
        try:
            answer = self._stepfunctions.start_sync_execution(
                stateMachineArn=self._state_machine_arn, name=checkout.order_id, input=given
            )
        except (ClientError, BotoCoreError) as error:
            logger.exception("checkout did not answer", order_id=checkout.order_id)
            raise WorkflowFailedError(str(error), has_ended=False) from error
        if answer["status"] != "SUCCEEDED":
            reason = f"{answer.get('error', answer['status'])}: {answer.get('cause', '')}"
            logger.error("checkout ended with a fault", order_id=checkout.order_id, reason=reason)
            raise WorkflowFailedError(reason, has_ended=True)
        return CheckoutOutcome.model_validate_json(answer["output"], extra="ignore")


def execution_input(checkout: Checkout, *, confirming: bool) -> dict[str, Any]:
    """Return the input of a run as JSON, with the current context.

    A checkout with a quote is resumed with it: what may have been charged before must be what is charged now. What was
    decided before is carried out.

    Parameters:
        checkout: the checkout.
        confirming: whether the shopper has completed 3-D Secure.

    Raises ValueError where the checkout has ended.
    """
    return {
        "context": current().model_dump(mode="json", exclude_none=True),
        "orderId": checkout.order_id,
        "userId": checkout.user_id,
        "status": checkout.status,
        "request": checkout.open_request.model_dump(mode="json", exclude_none=True),
        "quote": checkout.quote.model_dump(mode="json", exclude_none=True) if checkout.quote else None,
        "paymentIntentId": checkout.payment_intent_id,
        "resumed": checkout.quote is not None,
        "confirming": confirming,
    }
