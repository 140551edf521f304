"""The bank's side of 3-D Secure: a page with two buttons, and a JSON call."""

import html
import json
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ecom67.local.standins.stripe import payment_intents
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.pipeline import RequestPipeline
from ecom67.local.standins.stripe.responses import ApiError, Json
from ecom67.local.standins.stripe.store import ObjectStore
from ecom67.local.standins.stripe.webhooks import WebhookSender

OUTCOMES = ("complete", "fail")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>3-D Secure test page</title>
</head>
<body style="font-family: system-ui; max-width: 30rem; margin: 4rem auto; padding: 0 1rem">
<h1>3-D Secure test page</h1>
<p>{text}</p>
{form}
</body>
</html>
"""
_FORM = """<form method="post">
<input type="hidden" name="return_url" value="{return_url}">
<button name="outcome" value="complete">Complete authentication</button>
<button name="outcome" value="fail">Fail authentication</button>
</form>"""


class Bank:
    """The endpoints below `/_3ds/{id}`, where `id` is that of the PaymentIntent."""

    def __init__(self, store: ObjectStore, pipeline: RequestPipeline, sender: WebhookSender) -> None:
        self._store = store
        self._pipeline = pipeline
        self._sender = sender

    async def page(self, request: Request) -> Response:
        """Show the challenge; `?return_url=` is used where the confirmation had no return URL."""
        intent = self._store.get("payment_intent", request.path_params["id"])
        if intent is None:
            return _html("This payment does not exist.", status=404)
        if intent["status"] != "requires_action":
            return _html(f"This payment waits for no authentication: it is {intent['status']}.")
        text = f"The test bank asks: may {intent['amount']} {intent['currency']} (minor units) be paid?"
        return_url = request.query_params.get("return_url") or _confirmed_return_url(intent) or ""
        return _html(text, form=_FORM.format(return_url=html.escape(return_url)))

    async def decide(self, request: Request) -> Response:
        """Complete the challenge: JSON is answered with the PaymentIntent, the page's form with a redirect."""
        body = (await request.body()).decode(errors="replace")
        by_page = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        outcome, return_url = _decision(body, by_page=by_page)
        if outcome not in OUTCOMES:
            return JSONResponse({"error": f"outcome must be one of: {', '.join(OUTCOMES)}"}, 400)
        intent_before = self._store.get("payment_intent", request.path_params["id"]) or {}
        back = return_url or _confirmed_return_url(intent_before)
        call = self._pipeline.call(request, "", None)
        try:
            with self._store.transaction():
                intent = payment_intents.authenticate(call, passed=outcome == "complete")
        except ApiError as error:
            return JSONResponse(error.response.body, error.response.status)
        self._sender.wake()
        return _after_page(intent, back) if by_page else JSONResponse(intent)


def _decision(body: str, *, by_page: bool) -> tuple[str | None, str | None]:
    if by_page:
        form = RequestForm.parse(body)
        return form.text("outcome"), form.text("return_url")
    try:
        decision = json.loads(body)
    except ValueError:
        return None, None
    return (decision.get("outcome"), None) if isinstance(decision, dict) else (None, None)


def _confirmed_return_url(intent: Json) -> str | None:
    redirect: dict[str, str] = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return redirect.get("return_url")


def _after_page(intent: Json, return_url: str | None) -> Response:
    passed = intent["last_payment_error"] is None
    if not return_url or urlsplit(return_url).scheme not in ("http", "https"):
        return _html(f"The payment is {intent['status']}. This page can be closed.")
    outcome = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if passed else "failed",
    }
    separator = "&" if urlsplit(return_url).query else "?"
    return RedirectResponse(return_url + separator + urlencode(outcome), 303)


def _html(text: str, *, form: str = "", status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(text=html.escape(text), form=form), status)
