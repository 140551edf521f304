"""The authorizer of ``$connect``: accepts shoppers with a valid ID token, and visitors without a token."""

from typing import Any

from bus.log import logger
from services.chat.dependencies import token_verifier
from services.chat.id_tokens import InvalidTokenError


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the policy of a connection and the identity of its user (the Lambda entry)."""
    token = (event.get("queryStringParameters") or {}).get("token")
    if not token:
        return _policy("Allow", event, principal="visitor", context={})
    try:
        identity = token_verifier().verify(token)
    except InvalidTokenError as error:
        logger.info("connection refused", reason=str(error))
        return _policy("Deny", event, principal="nobody", context={})
    context = {"userId": identity.user_id, "expiresAt": str(identity.expires_at)}
    return _policy("Allow", event, principal=identity.user_id, context=context)


def _policy(effect: str, event: dict[str, Any], principal: str, context: dict[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
