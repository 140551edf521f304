"""The sender of the shop's e-mails is not verified for a while: no mail is lost, each is sent once that is mended."""

from collections.abc import Iterator
from contextlib import contextmanager

from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection
from tests.e2e.events.breaking import quick_retries
from tests.e2e.events.operating import bought, ecom67, products_of_our_own, signed_up

QUEUE = "notifications-email-dlq"


@contextmanager
def unverified_sender(stage: Connection) -> Iterator[None]:
    """Take SES's identities away, as an account has none at first."""
    ses = stage.client("sesv2")
    names = [found["IdentityName"] for found in ses.list_email_identities()["EmailIdentities"]]
    assert names
    for name in names:
        ses.delete_email_identity(EmailIdentity=name)
        # The emulator keeps the identities of SES's older API apart.
        stage.client("ses").delete_identity(Identity=name)
    try:
        yield
    finally:
        for name in names:
            ses.create_email_identity(EmailIdentity=name)


def test_mails_wait_until_the_sender_is_verified(stage: Connection) -> None:
    (product_id,) = products_of_our_own(stage, 1)
    shopper = signed_up(stage)

    def waiting() -> int:
        listed = ecom67(stage, "dlq", "list", "--json").json()
        return next(int(entry["messages"]) for entry in listed if entry["queue"] == QUEUE)

    with unverified_sender(stage), quick_retries(stage, "notifications-email"):
        order_id = bought(shopper, product_id).body["orderId"]
        eventually("the mail is a dead letter", lambda: waiting() or None)
    assert shopper.mails_about(order_id) == 0

    ecom67(stage, "dlq", "redrive", "notifications", "--yes")

    shopper.mail_about(order_id)
    eventually("nothing waits", lambda: True if waiting() == 0 else None)
    assert shopper.mails_about(order_id) == 1
