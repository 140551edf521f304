"""The sender of mails: once for an event, whatever is delivered twice or fails in between."""

import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from bus.attribute_values import from_item, to_item
from bus.command import Command
from bus.context import Context
from bus.inbox import Inbox
from bus.outbox import new_entries
from schemas.cart import CartAbandoned
from schemas.commands import ShippingAddress
from schemas.event import Event
from services.notifications import email
from services.notifications.delivery_addresses import DeliveryAddressReader
from services.notifications.dependencies import EmailSettings
from services.notifications.recipients import Recipient
from services.notifications.ses_sender import SesSender
from services.orders.commands import DeliveryAddressOutcome
from tests.unit.notifications.conftest import email_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Events = Callable[..., list[Event]]
ADDRESS = ShippingAddress(name="Ada", line1="12 Harbour Street", city="Portland", postal_code="97201", country="US")
CAUSE = Context(correlation_id="the-request", causation_id="the-event", traceparent="00-trace")
SENT: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}
AGAIN = {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


class Clock:
    """A time that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Ses:
    """An SES client that keeps what it sends, or fails first."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.faults: list[Exception] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(request)
        return {"MessageId": f"ses-{len(self.sent)}"}


class People:
    """A directory."""

    def __init__(self) -> None:
        self.known = {"ada": Recipient("ada@example.com", "Ada")}

    def find(self, user_id: str) -> Recipient | None:
        return self.known.get(user_id)


class Orders:
    """The orders service, of which one command is invoked."""

    def __init__(self) -> None:
        self.addresses = {("k7f3q2m", "ada"): ADDRESS}
        self.fails = False

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, object]:  # noqa: N803 - boto3's names
        assert FunctionName == "the-command"
        if self.fails:
            return {"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"}
        given = json.loads(Payload)["input"]
        address = self.addresses.get((given["orderId"], given["userId"]))
        outcome = DeliveryAddressOutcome(
            outcome="FOUND" if address else "NONE",
            shipping_address=address,
            order_link="/o/signed" if address else None,
        )
        return {"Payload": io.BytesIO(outcome.model_dump_json(exclude_none=True).encode())}


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ses() -> Ses:
    return Ses()


@pytest.fixture
def people() -> People:
    return People()


class Consents:
    """Who agreed to reminders: everybody, until a test says otherwise."""

    def __init__(self) -> None:
        self.token: str | None = "the-token"

    def unsubscribe_token(self, user_id: str) -> str | None:
        return self.token


@pytest.fixture
def consents() -> Consents:
    return Consents()


@pytest.fixture(autouse=True)
def function(
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: "DynamoDBClient",
    ses: Ses,
    people: People,
    orders: Orders,
    consents: Consents,
    clock: Clock,
) -> None:
    send_log = Inbox(dynamodb, "SendLog", "email", now=clock)
    settings = EmailSettings(
        SEND_LOG_TABLE="SendLog",
        USER_POOL_ID="pool",
        MAIL_FROM="shop@ecom67.example",
        CONFIGURATION_SET="ecom67-test",
        SHOP_URL="https://shop.example",
        DELIVERY_ADDRESS_ARN="the-command",
        CART_REMINDER_CONSENT_ARN="the-consent",
    )
    monkeypatch.setattr(email, "email_settings", lambda: settings)
    monkeypatch.setattr(email, "send_log", lambda: send_log)
    monkeypatch.setattr(email, "recipients", lambda: people)
    monkeypatch.setattr(email, "cart_reminder_consents", lambda: consents)
    monkeypatch.setattr(email, "delivery_addresses", lambda: DeliveryAddressReader(orders, "the-command"))  # type: ignore[arg-type]
    monkeypatch.setattr(email, "ses_sender", lambda: SesSender(ses, "e-com67 <shop@ecom67.example>", "ecom67-test"))  # type: ignore[arg-type]


@pytest.fixture
def logged(dynamodb: "DynamoDBClient") -> Callable[[], list[dict[str, Any]]]:
    return lambda: [from_item(item) for item in dynamodb.scan(TableName="SendLog")["Items"]]


def announced(event: Event, context: Context = CAUSE) -> dict[str, Any]:
    """Return the batch in which the queue of the topic delivers an announcement."""
    body = Command(context=context, input=email_of(event)).model_dump_json(exclude_none=True)
    return {"Records": [{"messageId": "m-1", "body": body}]}


def refused(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "SendEmail")


def raised_by(record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    (entry,) = new_entries({}, to_item(record))
    return entry.detail_type, json.loads(entry.detail)


@pytest.mark.parametrize("kind", range(10))
def test_a_mail_is_sent_to_the_address_that_cognito_has(events: Events, ses: Ses, kind: int) -> None:
    assert email.handler(announced(events()[kind]), None) == SENT

    (sent,) = ses.sent
    assert sent["Destination"] == {"ToAddresses": ["ada@example.com"]}
    assert sent["FromEmailAddress"] == "e-com67 <shop@ecom67.example>"
    assert sent["ConfigurationSetName"] == "ecom67-test"
    content = sent["Content"]["Simple"]
    assert content["Subject"]["Data"]
    assert "Hello Ada," in content["Body"]["Text"]["Data"]
    assert "Hello Ada," in content["Body"]["Html"]["Data"]


def test_a_mail_names_where_the_parcel_goes(events: Events, ses: Ses) -> None:
    for number, event in enumerate(events()):
        email.handler(announced(event, CAUSE.caused_by(f"event-{number}")), None)

    texts = [sent["Content"]["Simple"]["Body"]["Text"]["Data"] for sent in ses.sent]
    named = "Delivery address: Ada, 12 Harbour Street, 97201 Portland, US\n"
    assert [named in text for text in texts] == [True, True] + [False] * (len(texts) - 2)


def test_a_mail_about_an_order_shows_it_without_signing_in(events: Events, ses: Ses, orders: Orders) -> None:
    for number, event in enumerate(events()):
        email.handler(announced(event, CAUSE.caused_by(f"event-{number}")), None)

    texts = [sent["Content"]["Simple"]["Body"]["Text"]["Data"] for sent in ses.sent]
    linked = "See your order: https://shop.example/o/signed\n"
    withdrawing = "Withdraw from the contract here: https://shop.example/o/signed/withdraw\n"
    mails = [email_of(event) for event in events()]
    assert [linked in text for text in texts] == [mail.link.label == "See your order" for mail in mails]
    assert [withdrawing in text for text in texts] == [True] * 4 + [False] * (len(texts) - 4)


def test_a_mail_without_a_signed_link_leads_to_where_one_signs_in_or_names_the_order(
    events: Events, ses: Ses, orders: Orders
) -> None:
    orders.addresses.clear()

    email.handler(announced(events()[0]), None)

    text = ses.sent[0]["Content"]["Simple"]["Body"]["Text"]["Data"]
    assert "See your order: https://shop.example/orders/k7f3q2m\n" in text
    assert "Withdraw from the contract here: https://shop.example/withdraw\n" in text


def test_a_mail_without_the_address_that_was_erased_is_still_sent(events: Events, ses: Ses, orders: Orders) -> None:
    orders.addresses.clear()

    assert email.handler(announced(events()[0]), None) == SENT

    (sent,) = ses.sent
    assert "Delivery address" not in str(sent)


def test_a_mail_waits_for_the_orders_service(events: Events, ses: Ses, orders: Orders) -> None:
    orders.fails = True
    batch = announced(events()[0])
    assert email.handler(batch, None) == AGAIN

    orders.fails = False
    assert email.handler(batch, None) == SENT
    assert len(ses.sent) == 1


def test_the_send_log_raises_the_event_in_the_write_that_notes_the_mail(events: Events, logged: Any) -> None:
    email.handler(announced(events()[0]), None)

    (record,) = logged()
    assert (record["inboxId"], record["state"]) == ("email#the-event", "DONE")
    assert (record["template"], record["messageId"]) == ("order-placed", "ses-1")
    name, detail = raised_by(record)
    assert name == "NotificationSent"
    assert detail["data"] == {
        "notificationId": "the-event",
        "userId": "ada",
        "template": "order-placed",
        "subjectId": "k7f3q2m",
    }
    assert detail["metadata"]["causationId"] == "the-event"
    assert detail["metadata"]["correlationId"] == "the-request"
    assert detail["metadata"]["traceparent"] == "00-trace"


def test_neither_the_send_log_nor_the_event_holds_an_address_or_a_name(events: Events, logged: Any) -> None:
    email.handler(announced(events()[0]), None)

    assert "example.com" not in str(logged())
    assert "Ada" not in str(logged())


def test_a_mail_that_is_announced_twice_is_sent_once(events: Events, ses: Ses, logged: Any) -> None:
    batch = announced(events()[0])
    email.handler(batch, None)
    before = logged()

    assert email.handler(batch, None) == SENT
    assert len(ses.sent) == 1
    assert logged() == before


def test_another_event_of_the_same_order_is_another_mail(events: Events, ses: Ses) -> None:
    email.handler(announced(events()[0]), None)
    email.handler(announced(events()[1], CAUSE.caused_by("another-event")), None)

    assert len(ses.sent) == 2


def test_while_one_sends_a_second_delivery_waits(events: Events, ses: Ses, dynamodb: "DynamoDBClient") -> None:
    batch = announced(events()[0])

    class Meanwhile(Ses):
        def send_email(self, **request: Any) -> dict[str, str]:
            assert email.handler(batch, None) == AGAIN
            return super().send_email(**request)

    slow = Meanwhile()
    ses.send_email = slow.send_email  # type: ignore[method-assign]

    assert email.handler(batch, None) == SENT
    assert len(slow.sent) == 1


@pytest.mark.parametrize(
    "fault",
    [
        refused("TooManyRequestsException"),
        refused("LimitExceededException"),
        refused("SendingPausedException"),
        refused("MessageRejected", "Email address is not verified."),
        refused("InternalFailure"),
        ConnectTimeoutError(endpoint_url="https://email.example"),
    ],
)
def test_what_may_pass_is_tried_again_at_once_when_the_queue_delivers_again(
    events: Events, ses: Ses, logged: Any, fault: Exception
) -> None:
    ses.faults = [fault]
    batch = announced(events()[0])

    assert email.handler(batch, None) == AGAIN
    assert logged() == []

    assert email.handler(batch, None) == SENT
    assert len(ses.sent) == 1


def test_what_ses_never_takes_has_failed_without_naming_anybody(
    events: Events, ses: Ses, logged: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ses.faults = [refused("BadRequestException", "no address: ada@example.com")]
    batch = announced(events()[0])

    assert email.handler(batch, None) == SENT
    assert email.handler(batch, None) == SENT

    assert ses.sent == []
    (record,) = logged()
    name, detail = raised_by(record)
    assert (name, detail["data"]["reason"]) == ("NotificationFailed", "BadRequestException")
    assert "example.com" not in str(record)
    assert '"MailsRefused": 1' in capsys.readouterr().out


def test_a_person_who_is_gone_is_not_looked_for_again(
    events: Events, ses: Ses, people: People, logged: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    people.known.clear()

    assert email.handler(announced(events()[0]), None) == SENT

    assert ses.sent == []
    (record,) = logged()
    name, detail = raised_by(record)
    assert name == "NotificationFailed"
    assert detail["data"] == {
        "notificationId": "the-event",
        "userId": "ada",
        "template": "order-placed",
        "subjectId": "k7f3q2m",
        "reason": "NO_RECIPIENT",
    }
    assert "MailsRefused" not in capsys.readouterr().out


def test_a_mail_whose_sender_died_is_sent_when_the_lease_is_over(
    events: Events, ses: Ses, clock: Clock, dynamodb: "DynamoDBClient"
) -> None:
    Inbox(dynamodb, "SendLog", "email", now=clock).claim("the-event")
    batch = announced(events()[0])

    assert email.handler(batch, None) == AGAIN
    clock.now += 61
    assert email.handler(batch, None) == SENT

    assert len(ses.sent) == 1


def test_a_mail_announced_in_a_replay_is_not_sent(events: Events, ses: Ses, logged: Any) -> None:
    replayed = CAUSE.model_copy(update={"replay_name": "repair-of-march"})

    assert email.handler(announced(events()[0], replayed), None) == SENT

    assert ses.sent == []
    assert logged() == []


def test_an_announcement_without_a_cause_goes_to_the_dead_letters(events: Events, ses: Ses) -> None:
    assert email.handler(announced(events()[0], Context(correlation_id="c")), None) == AGAIN
    assert email.handler({"Records": [{"messageId": "m-1", "body": "{}"}]}, None) == AGAIN
    assert ses.sent == []


def abandoned(events: Events) -> Event:
    return next(event for event in events() if isinstance(event, CartAbandoned))


def test_a_reminder_goes_to_who_agreed_with_a_link_and_headers_that_end_them(events: Events, ses: Ses) -> None:
    assert email.handler(announced(abandoned(events)), None) == SENT

    (sent,) = ses.sent
    simple = sent["Content"]["Simple"]
    headers = {header["Name"]: header["Value"] for header in simple["Headers"]}
    assert headers == {
        "List-Unsubscribe": "<https://shop.example/api/mail-preferences/the-token/unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    for body in (simple["Body"]["Html"]["Data"], simple["Body"]["Text"]["Data"]):
        assert "https://shop.example/unsubscribe/the-token" in body


def test_nobody_is_reminded_who_did_not_agree_and_nothing_is_logged_of_them(
    events: Events, ses: Ses, consents: Consents, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    consents.token = None

    assert email.handler(announced(abandoned(events)), None) == SENT

    assert ses.sent == []
    assert logged() == []


def test_no_other_mail_asks_for_a_consent_or_can_be_unsubscribed_from(
    events: Events, ses: Ses, consents: Consents
) -> None:
    consents.token = None
    others = [event for event in events() if not isinstance(event, CartAbandoned)]

    for number, event in enumerate(others):
        email.handler(announced(event, Context(correlation_id="r", causation_id=f"event-{number}")), None)

    assert len(ses.sent) == len(others)
    assert all(sent["Content"]["Simple"]["Headers"] == [] for sent in ses.sent)
