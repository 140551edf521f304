"""Every end-to-end and race test ends with the audit: what it did to the stage has to agree with Stripe, and in itself.

Imported by the conftests of both kinds. Only what has moved since the audit before is read. What is on its way
differs for a moment, so the audit is repeated until nothing differs, or a deadline is over. A test that forges events
or damages records says so by ``@pytest.mark.leaves_differences("why")``; what it has left is then known, and later
audits of the same stage leave the orders and products concerned out.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from audit.comparison import audit
from audit.difference import Difference
from ecom67.audit.stage_reader import ledger_reader
from ecom67.demo.journal import deployed
from ecom67.local.connection import Connection
from ecom67.stage_client import StageClient
from tests.deadlines import DEADLINE_SECONDS

PAUSE_SECONDS = 0.2
OVERLAP = timedelta(seconds=1)
"""Stripe's times are whole seconds."""


@dataclass
class Auditor:
    """Audits a stage again and again, and remembers what differed before.

    Attributes:
        stage: the stage.
        client: the same, as the commands see it.
        since: when the audit before began.
        known: ids of the orders and products of which something differs already, and sentences about neither.
        seconds: how long all audits took.
    """

    stage: Connection
    client: StageClient
    since: datetime
    known: set[str] = field(default_factory=set)
    seconds: float = 0

    @classmethod
    def of(cls, stage: Connection, since: datetime) -> "Auditor":
        """Return the auditor of a stage, from some time on."""
        return cls(stage, deployed(stage), since)

    def differences(self, *, whole: bool = False) -> list[Difference]:
        """Return what differs and did not before: about what has moved since the last audit, or in the whole stage."""
        reader = ledger_reader(self.client, self.stage.mailbox_url)
        found = audit(reader, None if whole else self.since).differences
        return [difference for difference in found if self.known.isdisjoint(_about(difference))]

    def settled(self, seconds: float, *, whole: bool = False) -> list[Difference]:
        """Return what still differs once nothing is on its way any more, or the seconds are over."""
        begun, now = time.monotonic(), datetime.now(UTC)
        while (found := self.differences(whole=whole)) and time.monotonic() < begun + seconds:
            time.sleep(PAUSE_SECONDS)
        self.known |= {name for difference in found for name in _about(difference)}
        self.since = now - OVERLAP
        self.seconds += time.monotonic() - begun
        return found


def _about(difference: Difference) -> set[str]:
    return set(filter(None, (difference.order_id, difference.product_id))) or {difference.sentence}


def listed(found: list[Difference]) -> str:
    """Return differences as lines."""
    return "\n".join(f"{difference.kind}  {difference.sentence}" for difference in found)


@pytest.fixture(scope="session")
def auditor(stage: Connection) -> Iterator[Auditor]:
    """The auditor of the run's stage; at the end it audits all of it."""
    auditor = Auditor.of(stage, datetime.now(UTC))
    yield auditor
    found = auditor.settled(DEADLINE_SECONDS, whole=True)
    assert not found, f"after all tests of this stage:\n{listed(found)}"


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> Iterator[None]:
    """Audit what a test did to the stage."""
    if "stage" not in request.fixturenames:
        yield
        return
    auditor = request.getfixturevalue("auditor")
    failed_before = request.session.testsfailed
    yield
    leaves = request.node.get_closest_marker("leaves_differences")
    if leaves or request.session.testsfailed > failed_before:
        # All that it has left is known from here on, also what no event tells of.
        auditor.settled(0, whole=True)
        return
    found = auditor.settled(DEADLINE_SECONDS)
    assert not found, f"this test left differences on the stage:\n{listed(found)}"
