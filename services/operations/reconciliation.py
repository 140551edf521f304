"""Reconciliation: compares the records of some hours, remembers what differs, and repairs what is safe."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from audit.comparison import audit
from audit.difference import Difference
from audit.reader import LedgerReader
from bus.log import logger
from bus.metric import count
from bus.optimistic_locking import ConflictError
from services.operations.domain import Finding, Period, difference_id, merged, periods
from services.operations.repairs import Repairer
from services.operations.store import FindingStore

SECONDS_TO_END = 40
"""What is left of a run for its repairs when it stops to compare."""


@dataclass(slots=True)
class RunReport:
    """What a run has done.

    Attributes:
        orders: how many orders and checkouts were compared.
        found: ids of the differences.
        repaired: ids of those for which a repair was tried.
        need_person: ids of those that no repair will mend.
        resolved: ids of those that differ no more.
        left_out: how many periods there was no time for.
    """

    orders: int = 0
    found: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    need_person: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)
    left_out: int = 0


@dataclass(slots=True)
class _Compared:
    """What the comparison of some periods has yielded."""

    findings: list[Finding] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    moving: set[str] = field(default_factory=set)


class Reconciliation:
    """Compares and repairs.

    Parameters:
        new_reader: returns a reader of all records.
        store: the differences.
        repairer: repairs them.
        now: returns the time; replaced in tests.
    """

    def __init__(
        self,
        new_reader: Callable[[], LedgerReader],
        store: FindingStore,
        repairer: Repairer,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._new_reader = new_reader
        self._store = store
        self._repairer = repairer
        self._now = now

    def run(self, grace: timedelta, seconds_left: Callable[[], float]) -> RunReport:
        """Compare the periods that are due; return what was done.

        Parameters:
            grace: orders that moved within that time before are left to the next run.
            seconds_left: returns how much time the run has left.
        """
        report = RunReport()
        known = {finding.difference_id: finding for finding in self._store.open()}
        compared = self._compare(periods(self._now(), known.values()), grace, seconds_left, report)
        for found in merged(compared.findings):
            self._handle(found, known.pop(found.difference_id, None), report)
        for finding in known.values():
            # Whatever is on its way may still be what it was.
            if finding.period in compared.periods and finding.order_id not in compared.moving:
                self._save(finding.resolved(self._now()), finding)
                report.resolved.append(finding.difference_id)
        return report

    def _compare(
        self, due: Iterable[Period], grace: timedelta, seconds_left: Callable[[], float], report: RunReport
    ) -> _Compared:
        compared = _Compared()
        for period in due:
            if seconds_left() < SECONDS_TO_END:
                report.left_out += 1
                continue
            until = period.until if period.until < self._now() else None
            result = audit(self._new_reader(), period.since, grace, until)
            report.orders += result.orders
            compared.periods.append(period)
            compared.moving.update(result.moving)
            compared.findings += [self._finding(difference, period) for difference in result.differences]
        if report.left_out:
            logger.error("reconciliation had no time for all periods", periods=report.left_out)
            count("ReconciliationIncomplete")
        return compared

    def _finding(self, difference: Difference, period: Period) -> Finding:
        now = self._now()
        return Finding(
            difference_id=difference_id(difference.kind, difference.order_id, difference.product_id),
            kind=difference.kind,
            order_id=difference.order_id,
            product_id=difference.product_id,
            sentences=[difference.sentence],
            period=period,
            first_seen_at=now,
            last_seen_at=now,
        )

    def _handle(self, found: Finding, before: Finding | None, report: RunReport) -> None:
        before = before or self._store.get(found.difference_id)
        finding = before.seen_again(found) if before else found
        report.found.append(finding.difference_id)
        logger.warning(
            "records differ",
            kind=finding.kind,
            order_id=finding.order_id,
            product_id=finding.product_id,
            sentences=finding.sentences,
            state=finding.state,
            repairs=finding.repairs,
        )
        if finding.needs_person:
            count("RecordsDiffer", kind=finding.kind)
            report.need_person.append(finding.difference_id)
        repairable = bool(finding.safe_repairs)
        # It is written first: a repair that never ends must not be tried for ever.
        if not self._save(finding.repair_tried() if repairable else finding, before):
            return
        if repairable:
            self._repair(finding, report)

    def _repair(self, finding: Finding, report: RunReport) -> None:
        try:
            done = self._repairer.repair(finding, self._now())
        except Exception:  # noqa: BLE001 - whatever went wrong, the next run tries again, and the others go on
            logger.exception("a repair failed", difference_id=finding.difference_id)
            return
        if done:
            report.repaired.append(finding.difference_id)

    def _save(self, finding: Finding, before: Finding | None) -> bool:
        try:
            self._store.save(finding, before)
        except ConflictError:
            logger.info("a member of staff or another run was faster", difference_id=finding.difference_id)
            return False
        return True
