"""Cognito's post-confirmation trigger: registers the profile of a confirmed account."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bus.context import Context, use_context
from bus.log import logger
from services.identity.dependencies import store
from services.identity.domain import AccountErasedError, normalize_name

SIGN_UP = "PostConfirmation_ConfirmSignUp"


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Register the profile of a new shopper and return the event, as Cognito requires (the Lambda entry).

    Cognito may call more than once, and also calls after a forgotten password. The account is
    confirmed by then, so a failure here must not fail the sign-up: the first visit registers the
    profile.
    """
    if event["triggerSource"] != SIGN_UP:
        return event
    attributes = event["request"]["userAttributes"]
    with use_context(Context.begin()):
        try:
            store().register(attributes["sub"], normalize_name(attributes.get("name")))
        except AccountErasedError:
            logger.info("account erased meanwhile", user_id=attributes["sub"])
        except (ClientError, BotoCoreError):
            logger.exception("not registered; the first visit will do it", user_id=attributes["sub"])
    return event
