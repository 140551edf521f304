"""The authorizer of ``$connect``: a shopper with a valid ID token, a visitor without any, and nobody else."""

from functools import cache
from typing import Any

from bus.log import logger
from services.chat.id_tokens import InvalidTokenError, Tokens, TokenSettings


@cache
def _tokens() -> Tokens:
    return Tokens(TokenSettings.load())


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer whether the connection may be opened, and who it is (the Lambda entry)."""
    token = (event.get("queryStringParameters") or {}).get("token")
    if not token:
        return _policy("Allow", event, principal="visitor", context={})
    try:
        identity = _tokens().identity(token)
    except InvalidTokenError as error:
        logger.info("connection refused", reason=str(error))
        return _policy("Deny", event, principal="nobody", context={})
    found = {"userId": identity.user_id, "expiresAt": str(identity.expires_at)}
    return _policy("Allow", event, principal=identity.user_id, context=found)


def _policy(effect: str, event: dict[str, Any], principal: str, context: dict[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
