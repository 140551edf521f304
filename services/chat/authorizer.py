"""The authorizer of ``$connect``: accepts shoppers with a ticket or a valid ID token, and visitors with neither.

The shop's pages come with a ticket. A token is for programs that keep no logs of addresses.
"""

from typing import Any

from bus.log import logger
from services.chat.dependencies import tickets, token_verifier
from services.chat.token_identity import TokenIdentity


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the policy of a connection and the identity of its user (the Lambda entry)."""
    query = event.get("queryStringParameters") or {}
    if ticket := query.get("ticket"):
        identity = tickets().redeem(ticket)
        reason = "no such ticket, or not any more"
    elif token := query.get("token"):
        identity, reason = _verify(token)
    else:
        return _policy("Allow", event, principal="visitor", context={})
    if identity is None:
        logger.info("connection refused", reason=reason)
        return _policy("Deny", event, principal="nobody", context={})
    context = {"userId": identity.user_id, "expiresAt": str(identity.expires_at)}
    return _policy("Allow", event, principal=identity.user_id, context=context)


def _verify(token: str) -> tuple[TokenIdentity | None, str]:
    # Imported late: a ticket needs none of it.
    from services.chat.id_tokens import InvalidTokenError

    try:
        return token_verifier().verify(token), ""
    except InvalidTokenError as error:
        return None, str(error)


def _policy(effect: str, event: dict[str, Any], principal: str, context: dict[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }
