"""Cognito's post-confirmation trigger: somebody has confirmed their e-mail address and has an account."""

from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bus.clients import dynamodb
from bus.context import Context, entered
from bus.log import logger
from services.identity.domain import ErasedError, name_from_sign_up
from services.identity.store import IdentitySettings, ProfileStore

SIGN_UP = "PostConfirmation_ConfirmSignUp"


@cache
def _store() -> ProfileStore:
    return ProfileStore(dynamodb(), IdentitySettings.load().users_table)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Save the profile of a new shopper and return the event, as Cognito wants it (the Lambda entry).

    Cognito may call more than once, and calls after a forgotten password too. The account is
    confirmed by then, so a fault here must not tell the shopper otherwise: their first visit
    registers them.
    """
    if event["triggerSource"] != SIGN_UP:
        return event
    attributes = event["request"]["userAttributes"]
    with entered(Context.begin()):
        try:
            _store().register(attributes["sub"], name_from_sign_up(attributes.get("name")))
        except ErasedError:
            logger.info("erased meanwhile", user_id=attributes["sub"])
        except (ClientError, BotoCoreError):
            logger.exception("not registered; the first visit will do it", user_id=attributes["sub"])
    return event
