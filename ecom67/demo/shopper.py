"""A shopper that uses HTTP only: the shop's API, Cognito's public API, and the mailbox of the emulator."""

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from ecom67.local.connection import Connection
from schemas.order_number import order_number

CODE = "123456"
"""The confirmation code that the emulator's Cognito sends to every address."""
PASSWORD = "A-demo-of-67"  # noqa: S105
DEADLINE_SECONDS = 120
"""A guard against waiting for ever, and no judgement of the machine."""
TIMEOUT_SECONDS = 40
"""More than the API's own limit of 30 s."""

ADDRESS = {
    "name": "Ada Demo",
    "line1": "12 Harbour Street",
    "city": "Portland",
    "region": "OR",
    "postalCode": "97201",
    "phone": "+15035550100",
    "country": "US",
}
UNDECIDED, UNDECIDED_CODES = (409, 503), ("IN_PROGRESS", "CHECKOUT_UNRESOLVED")
"""Answers to an order after which the same request is sent again."""
T = TypeVar("T")


class UnexpectedError(Exception):
    """An expectation is not met; the message names the expected and the actual value."""


def eventually(what: str, probe: Callable[[], T | None], seconds: float = DEADLINE_SECONDS) -> T:
    """Poll ``probe`` until it returns a value other than None; raises UnexpectedError after the deadline.

    Parameters:
        what: what is awaited, for the error message.
        probe: called ten times a second.
        seconds: the deadline.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found is not None:
            return found
        time.sleep(0.1)
    raise UnexpectedError(f"{what}: not within {seconds:.0f} s")


class ShopResponse:
    """A response of the shop's API.

    Attributes:
        status: HTTP status code.
        body: the parsed JSON, or an empty dict.
        correlation_id: the request's id, which the events that it causes carry.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.body: dict[str, Any] = response.json() if response.content else {}
        self.correlation_id = response.headers.get("x-correlation-id", "")

    def expect(self, status: int, code: str | None = None) -> "ShopResponse":
        """Return the response itself; raises UnexpectedError where its status or its problem code differs."""
        if self.status != status or (code and self.body.get("code") != code):
            raise UnexpectedError(f"wanted {status} {code or ''}, got {self.status}: {self.body}")
        return self


class Shopper:
    """A shopper with an e-mail address of its own.

    Parameters:
        stage: the running local stage.
    """

    def __init__(self, stage: Connection) -> None:
        self.email = f"ada-{secrets.token_hex(4)}@ecom67.example"
        self._stage = stage
        self._token: str | None = None

    @property
    def token(self) -> str | None:
        """The ID token; None before the sign-up."""
        return self._token

    def sign_up(self) -> None:
        """Create an account, confirm its address with the code, and sign in."""
        client_id = self._stage.published()["identity/user-pool-client-id"]
        attributes = [{"Name": "email", "Value": self.email}]
        self._cognito("SignUp", ClientId=client_id, Username=self.email, Password=PASSWORD, UserAttributes=attributes)
        self._cognito("ConfirmSignUp", ClientId=client_id, Username=self.email, ConfirmationCode=CODE)
        signed_in = self._cognito(
            "InitiateAuth",
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.email, "PASSWORD": PASSWORD},
        )
        self._token = signed_in["AuthenticationResult"]["IdToken"]

    def call(
        self, route: str, body: object = None, *, key: str | None = None, token: str | None = None
    ) -> ShopResponse:
        """Call a route, such as ``GET /products``.

        Parameters:
            route: method and path below ``/api``.
            body: the JSON body.
            key: the Idempotency-Key.
            token: sent instead of the shopper's own ID token.
        """
        method, path = route.split(" ", 1)
        bearer = token or self._token
        headers = {
            **({"Authorization": f"Bearer {bearer}"} if bearer else {}),
            **({"Idempotency-Key": key} if key else {}),
        }
        url = f"{self._stage.shop_url}/api{path}"
        return ShopResponse(httpx.request(method, url, json=body, headers=headers, timeout=TIMEOUT_SECONDS))

    def find_product(self, category: str, *, at_least: int) -> dict[str, Any]:
        """Return a product of a category with at least that many units available."""
        cursor = ""
        while True:
            page = self.call(f"GET /products?category={category}&limit=50{cursor}").expect(200).body
            for product in page["items"]:
                stock = self.call(f"GET /stock/{product['productId']}")
                if stock.status == 200 and stock.body["available"] >= at_least:
                    found: dict[str, Any] = product
                    return found
            if "nextCursor" not in page:
                raise UnexpectedError(f"no product of {category} has {at_least} in stock")
            cursor = f"&cursor={page['nextCursor']}"

    def fill_cart(self, *wanted: tuple[str, int]) -> dict[str, Any]:
        """Add products to the cart and return it; waits until the cart has received the products' events."""
        for product_id, quantity in wanted:
            line = {"productId": product_id, "quantity": quantity}

            def added(line: dict[str, object] = line) -> ShopResponse | None:
                answer = self.call("POST /cart", line)
                return answer if answer.status in (200, 201) else None

            eventually(f"{product_id} can be put into the cart", added)
        return self.call("GET /cart").expect(200).body

    def buy(self, payment_method: str, total: dict[str, Any], key: str | None = None) -> ShopResponse:
        """Place an order for the cart at the displayed total."""
        body = {"paymentMethodId": payment_method, "shippingAddress": ADDRESS, "expectedTotal": total}
        return self.call("POST /orders", body, key=key or secrets.token_hex(12))

    def buy_until_decided(
        self, payment_method: str, total: dict[str, Any], key: str, seconds: float = DEADLINE_SECONDS
    ) -> ShopResponse:
        """Place an order as a browser does: again under the same key until the answer decides something.

        Parameters:
            payment_method: of Stripe.
            total: as displayed.
            key: the Idempotency-Key.
            seconds: how long at most.
        """

        def decided() -> ShopResponse | None:
            answer = self.buy(payment_method, total, key)
            return None if answer.status in UNDECIDED and answer.body.get("code") in UNDECIDED_CODES else answer

        return eventually(f"the order under {key} is decided", decided, seconds)

    def order(self, order_id: str) -> dict[str, Any]:
        """Return an order as soon as the orders service has stored it."""

        def placed() -> dict[str, Any] | None:
            answer = self.call(f"GET /orders/{order_id}")
            return answer.body if answer.status == 200 else None

        return eventually(f"order {order_id} is there", placed)

    def mail_about(self, order_id: str) -> str:
        """Return the text of the e-mail to this shopper about an order, as soon as it is sent."""
        return self.mail_with(order_number(order_id))

    def mail_with(self, words: str) -> str:
        """Return the text of the e-mail to this shopper that has some words, as soon as it is sent."""

        def arrived() -> str | None:
            return next((mail for mail in self._mails() if words in mail), None)

        return eventually(f"an e-mail with {words!r}", arrived)

    def mails_about(self, order_id: str) -> int:
        """Return the number of e-mails to this shopper about an order."""
        return sum(order_number(order_id) in mail for mail in self._mails())

    def _mails(self) -> list[str]:
        accounts = httpx.get(self._stage.mailbox_url).raise_for_status().json()["messages"]
        messages = [message for mails in accounts.values() for message in mails]
        return [str(message) for message in messages if self.email in str(message)]

    def _cognito(self, action: str, **parameters: object) -> dict[str, Any]:
        response = httpx.post(
            self._stage.endpoint_url,
            json=parameters,
            headers={
                "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
                "Content-Type": "application/x-amz-json-1.1",
            },
        )
        if response.is_error:
            raise UnexpectedError(f"Cognito's {action} answers {response.status_code}: {response.text}")
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer
