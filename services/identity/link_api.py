"""HTTP routes of the link in a reminder's mail and of its List-Unsubscribe header (RFC 8058), without signing in."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from bus.http import ANYONE, Api, not_found
from bus.log import logger
from services.identity.dependencies import store, unsubscribe_links
from services.identity.domain import AccountErasedError, UnknownProfileError
from services.identity.unsubscribing import MAX_TOKEN_LENGTH, InvalidTokenError

api = Api()
app = api.app
Token = Annotated[str, Path(min_length=1, max_length=MAX_TOKEN_LENGTH)]


@app.post("/api/mail-preferences/<token>/unsubscribe", tags=["identity"], security=ANYONE, status_code=204)
def unsubscribe(token: Token) -> Response[None]:
    """Send the person of a mail's link no more reminders of their cart. A mail program may call it by itself.

    A repeated request changes nothing, and the answer does not tell whether the account still exists.
    """
    try:
        store().record_cart_reminders(unsubscribe_links().verify(token), agreed=False)
    except InvalidTokenError:
        raise not_found("link") from None
    except (UnknownProfileError, AccountErasedError):
        logger.info("nobody to unsubscribe")
    return Response(status_code=204)


@app.get("/api/mail-preferences/<token>/unsubscribe", tags=["identity"], security=ANYONE, status_code=303)
def open_unsubscribe_page(token: Token) -> Response[None]:
    """Lead a mail program that opens the header's address to the page of the shop; nothing changes by it."""
    # Whoever checks links for viruses opens them as well.
    return Response(status_code=303, headers={"Location": f"/unsubscribe/{token}"})
