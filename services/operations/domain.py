"""What reconciliation knows of a difference between records, which repairs are safe, and which hours it compares."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from audit.checks.mails import TEMPLATES
from schemas.contract import Contract, Identifier, Timestamp

MAX_REPAIRS = 3
"""Runs that try to repair a difference before a person is asked: three hours."""
LATER_LOOKS = (timedelta(days=1), timedelta(days=7), timedelta(days=28))
"""When an hour is compared again: refunds and returns come days later, and the journal keeps events for 30 days."""
HOUR = timedelta(hours=1)
LATE_MAIL = timedelta(days=1)
"""A mail that is older helps nobody any more."""


class FindingState(StrEnum):
    """What has become of a difference; staff has looked at one that is ACCEPTED and need not hear of it again."""

    OPEN = "OPEN"
    RESOLVED = "RESOLVED"
    ACCEPTED = "ACCEPTED"


class RepairStep(StrEnum):
    """What a repair does. Each is what the service concerned does by itself where nothing was lost."""

    REDELIVER = "REDELIVER"
    """Deliver the journal's event to a consumer again, which handles it once."""
    RELEASE_STOCK = "RELEASE_STOCK"
    """Have inventory release what a checkout without an order holds."""
    CONFIRM_PAYMENT = "CONFIRM_PAYMENT"
    """Have payment ask Stripe what has become of a payment, and record that."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A safe repair of a kind of difference.

    Attributes:
        step: what is done.
        consumer: for a redelivery, the service whose queue gets the event.
        detail_types: for a redelivery, the events, if the journal has them.
        within: only events that are younger.
    """

    step: RepairStep
    consumer: str = ""
    detail_types: tuple[str, ...] = ()
    within: timedelta | None = None


def _again(consumer: str, *detail_types: str, within: timedelta | None = None) -> Repair:
    return Repair(RepairStep.REDELIVER, consumer, detail_types, within)


REPAIRS: Mapping[str, tuple[Repair, ...]] = {
    # An order that was paid for: checkout completes it, or gives the money back.
    "CHARGE_WITHOUT_ORDER": (_again("checkout", "PaymentSucceeded"),),
    "CHECKOUT_NOT_ENDED": (_again("checkout", "PaymentSucceeded"),),
    "CHARGE_NOT_RECORDED": (Repair(RepairStep.CONFIRM_PAYMENT),),
    # Money that is owed: payment requests each refund of Stripe under one key, however often it is asked.
    "MONEY_KEPT": (_again("payment", "OrderCancelled"),),
    "REFUND_NOT_PAID": (_again("payment", "OrderCancelled", "RefundRequested"),),
    # What payment has refunded and the order does not know.
    "REFUND_OF_ORDER_DIFFERS": (_again("orders", "PaymentRefundedV2"),),
    "STATUS_BEHIND": (_again("orders", "PaymentRefundedV2"),),
    # Units that are held for nothing, or that an order was to take or to give back.
    "RESERVATION_LEFT": (Repair(RepairStep.RELEASE_STOCK),),
    "RESERVATION_DIFFERS": (_again("inventory", "OrderPlaced", "OrderCancelled"),),
    # Goods that came back: each service does its part once for a return.
    "RETURN_NOT_RESTOCKED": (_again("inventory", "ReturnReceived"),),
    "UNSENT_NOT_RESTOCKED": (_again("inventory", "OrderRefunded"),),
    "RETURN_NOT_REFUNDED": (_again("orders", "ReturnReceived"),),
    # Documents: each is issued once.
    "INVOICE_MISSING": (_again("invoices", "OrderShipped"),),
    "CREDIT_NOTE_MISSING": (_again("invoices", "OrderRefunded"),),
    # The send log sends each mail once.
    "MAIL_MISSING": (_again("notifications", *TEMPLATES, within=LATE_MAIL),),
}
"""The safe repairs by kind of difference. Whatever moves money or goods otherwise is left to a person: two records that
name other amounts, a charge that Stripe does not know, units that are not where they should be."""


class Period(Contract):
    """A period that is compared: what happened in it, and what became of that."""

    since: Timestamp
    until: Timestamp


def periods(now: datetime, findings: Iterable["Finding"]) -> list[Period]:
    """Return the periods that a run compares, the most urgent first.

    The last two hours, so that each hour is compared twice while it is young; an hour of each of the later looks; and
    those in which a difference was found that is still open.

    Parameters:
        now: when the run begins.
        findings: the open differences.
    """
    begun = now.replace(minute=0, second=0, microsecond=0)
    recent = Period(since=begun - HOUR, until=begun + HOUR)
    open_periods = sorted((finding.period for finding in findings), key=lambda period: period.since)
    later = [Period(since=begun - HOUR - look, until=begun - look) for look in LATER_LOOKS]
    return list(dict.fromkeys([recent, *open_periods, *later]))


class Finding(Contract):
    """A difference between records, as reconciliation has it in mind."""

    difference_id: str
    kind: str
    order_id: Identifier | None = None
    product_id: Identifier | None = None
    sentences: list[str] = Field(description="What the records say, with ids and amounts.")
    state: FindingState = FindingState.OPEN
    period: Period = Field(description="In which it was found first; it is compared until nothing differs any more.")
    first_seen_at: Timestamp
    last_seen_at: Timestamp
    repairs: int = Field(default=0, description="How often a repair was tried.")
    resolved_at: Timestamp | None = None
    accepted_by: Identifier | None = Field(default=None, description="The id of the member of staff who did.")
    note: str | None = Field(default=None, max_length=500)

    @property
    def safe_repairs(self) -> tuple[Repair, ...]:
        """The repairs that may be tried now; none once they have been tried often enough."""
        tried = self.repairs >= MAX_REPAIRS or self.order_id is None
        return () if tried or self.state is not FindingState.OPEN else REPAIRS.get(self.kind, ())

    @property
    def needs_person(self) -> bool:
        """Whether nothing but a person can mend it."""
        return self.state is FindingState.OPEN and not self.safe_repairs

    def seen_again(self, other: "Finding") -> "Finding":
        """Return it as it is found now; what was resolved is open again, with as many repairs as a new one.

        So is what staff has accepted of an order, once its records say something that staff has not seen. What is told
        of a product's units changes with each sale, and stays accepted.
        """
        changes: dict[str, object] = {"sentences": other.sentences, "last_seen_at": other.last_seen_at}
        opened = {"state": FindingState.OPEN, "repairs": 0, "period": other.period}
        if self.state is FindingState.ACCEPTED and self.order_id is not None:
            if set(other.sentences) <= set(self.sentences):
                return self.model_copy(update={"last_seen_at": other.last_seen_at})
            changes |= {**opened, "accepted_by": None, "note": None}
        if self.state is FindingState.RESOLVED:
            changes |= {**opened, "resolved_at": None}
        return self.model_copy(update=changes)

    def repair_tried(self) -> "Finding":
        """Return it with one more repair."""
        return self.model_copy(update={"repairs": self.repairs + 1})

    def resolved(self, at: datetime) -> "Finding":
        """Return it as one that is no more."""
        return self.model_copy(update={"state": FindingState.RESOLVED, "resolved_at": at})

    def accepted(self, by: str, note: str) -> "Finding":
        """Return it as one that staff knows of.

        Parameters:
            by: the id of the member of staff.
            note: why.
        """
        return self.model_copy(update={"state": FindingState.ACCEPTED, "accepted_by": by, "note": note})


def difference_id(kind: str, order_id: str | None, product_id: str | None) -> str:
    """Return the id of a difference: the same whenever it is found."""
    return ".".join(filter(None, (kind, order_id, product_id)))


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield one finding for each id, with all sentences: several refunds of an order may differ."""
    by_id: dict[str, Finding] = {}
    for finding in findings:
        known = by_id.get(finding.difference_id)
        sentences = list(dict.fromkeys([*known.sentences, *finding.sentences])) if known else finding.sentences
        by_id[finding.difference_id] = (known or finding).model_copy(update={"sentences": sentences})
    yield from by_id.values()
