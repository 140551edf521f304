"""Each expression of the state machine has the value that JSONata's reference gives it, on the data of every branch."""

import itertools
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from ministack.services import stepfunctions
from pydantic import BaseModel

from bus.attribute_values import to_item
from bus.context import Context, use_context
from infra.constructs.paths import ROOT
from infra.stacks.checkout_workflow import TRANSACTION_CANCELED
from schemas.contract import Money
from services.cart.commands import EmptyCartOutcome, ValidOutcome
from services.checkout.commands import CartClaimedOutcome, CompensatingOutcome
from services.checkout.domain import Checkout, CheckoutOutcome, CheckoutStatus
from services.checkout.workflow import execution_input
from services.inventory.commands import OutOfStockLine, OutOfStockOutcome, ReleasedOutcome, ReservedOutcome
from services.payment.outcomes import DeclinedOutcome, PaidOutcome, RefundedOutcome, RequiresActionOutcome
from tests.contract.checkout.branches import NOW, Evaluated, Fault, Walk, expressions_of, transitions_of, walk
from tests.contract.checkout.test_state_machine import DEFINITION, STATES, checkout_of

REFERENCE = ROOT / "tests" / "contract" / "checkout" / "reference.mjs"
NAME = 'Čaj “Ω”, 茶 🍵 \\ "quoted"\n'
"""Letters of everywhere, and what JSON escapes."""


LEASE = {"lease_until": 1_900_000_300, "payment_intent_id": "pi_1"}
DECLINED = DeclinedOutcome(decline_code="insufficient_funds", message=NAME)
SOLD_OUT = OutOfStockOutcome(lines=[OutOfStockLine(product_id="lamp", requested=2, available=0)])
WRITTEN = {
    "orderId": "order-1",
    "status": "COMPLETING",
    "quote": json.dumps({"name": NAME}),
    "expiresAt": 1_907_776_000,
}


def returned(outcome: BaseModel) -> dict[str, Any]:
    """Return what the integration with Lambda makes of a command's outcome."""
    return {"StatusCode": 200, "Payload": outcome.model_dump(mode="json", by_alias=True, exclude_none=True)}


def checkout_with(*names: str, full: bool, quoted: bool, status: CheckoutStatus) -> Checkout:
    """Return a checkout of a line a name, with a quote if one was made before."""
    checkout = checkout_of(full=full)
    assert checkout.quote is not None
    (line,) = checkout.quote.lines
    quote = checkout.quote.model_copy(update={"lines": [line.model_copy(update={"name": name}) for name in names]})
    return checkout.model_copy(update={**LEASE, "status": status, "quote": quote if quoted else None})


def valid_cart(checkout: Checkout) -> ValidOutcome:
    assert checkout.quote is not None
    return ValidOutcome.model_validate(checkout.quote.model_dump())


@dataclass(frozen=True)
class Branch:
    """A way through the state machine: how the run begins, and what is answered otherwise than on the straight way."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    status: CheckoutStatus = CheckoutStatus.RUNNING
    quoted: bool = False
    confirming: bool = False
    full: bool = True
    names: tuple[str, ...] = (NAME,)

    def walk(self, monkeypatch: pytest.MonkeyPatch) -> Walk:
        checkout = checkout_with(*self.names, full=self.full, quoted=self.quoted, status=self.status)
        cart = valid_cart(checkout_with(*self.names, full=self.full, quoted=True, status=self.status))
        paid = returned(PaidOutcome(payment_intent_id="pi_1", event_id="the-payment"))
        straight = {
            "ValidateCart": returned(cart),
            "RecordQuote": {},
            "ClaimCart": returned(CartClaimedOutcome()),
            "ReserveStock": returned(ReservedOutcome(expires_at=datetime(2030, 3, 14, 9, 26, tzinfo=UTC))),
            "ProcessPayment": paid,
            "ConfirmPayment": paid,
            "DecideToComplete": {"Attributes": to_item(WRITTEN)},
            "SendToOrderQueue": {"MessageId": "message-1"},
            "Compensate": returned(CompensatingOutcome()),
            "RefundPayment": returned(RefundedOutcome(refund_id="re_1", amount=Money(amount=5499))),
            "ReleaseStock": returned(ReleasedOutcome()),
            "Finish": returned(CheckoutOutcome.model_validate({"outcome": "CONFIRMED"})),
        }
        with use_context(Context(correlation_id="the-request")):
            given = execution_input(checkout, confirming=self.confirming)
        return walk(DEFINITION, given, {**straight, **self.answers}, monkeypatch)


BRANCHES = {
    "straight": Branch(),
    "straight, two lines": Branch(names=("lamp", NAME)),
    "straight, the least data": Branch(full=False),
    "an invalid cart": Branch({"ValidateCart": returned(EmptyCartOutcome())}),
    "a cart that another checkout held": Branch({"RecordQuote": Fault(TRANSACTION_CANCELED)}),
    "a cart that another checkout holds": Branch(
        {
            "RecordQuote": Fault(TRANSACTION_CANCELED),
            "ClaimCart": returned(CheckoutOutcome.model_validate({"outcome": "IN_PROGRESS"})),
        }
    ),
    "no stock": Branch({"ReserveStock": returned(SOLD_OUT)}),
    "declined": Branch({"ProcessPayment": returned(DECLINED)}),
    "3-D Secure": Branch(
        {"ProcessPayment": returned(RequiresActionOutcome(payment_intent_id="pi_1", client_secret="secret"))}
    ),
    "decided elsewhere meanwhile": Branch({"DecideToComplete": Fault("DynamoDB.ConditionalCheckFailedException")}),
    "resumed": Branch(quoted=True),
    "resumed, the least data": Branch(quoted=True, full=False),
    "confirmed": Branch(quoted=True, confirming=True),
    "confirmed, and declined": Branch({"ConfirmPayment": returned(DECLINED)}, quoted=True, confirming=True),
    "resumed without stock": Branch({"ReserveStock": returned(SOLD_OUT)}, quoted=True),
    "decided for": Branch(status=CheckoutStatus.COMPLETING, quoted=True),
    "decided against": Branch(status=CheckoutStatus.COMPENSATING, quoted=True),
    "decided against too late": Branch(
        {"Compensate": returned(CheckoutOutcome.model_validate({"outcome": "CONFIRMED"}))},
        status=CheckoutStatus.COMPENSATING,
        quoted=True,
    ),
}


@pytest.fixture(scope="module")
def walks() -> dict[str, Walk]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return {name: branch.walk(monkeypatch) for name, branch in BRANCHES.items()}


@pytest.fixture(scope="module")
def evaluated(walks: dict[str, Walk]) -> list[tuple[Evaluated, Any]]:
    """Return each expression that was evaluated on each branch, with the reference's answer."""
    return judged([expression for walk in walks.values() for expression in walk.evaluated])


def judged(expressions: list[Evaluated]) -> list[tuple[Evaluated, Any]]:
    given = [{"expression": one.expression, "variables": one.variables, "states": one.states} for one in expressions]
    run = subprocess.run(
        ["node", str(REFERENCE)],
        input=json.dumps({"now": NOW, "expressions": given}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return list(zip(expressions, json.loads(run.stdout), strict=True))


def read(value: Any) -> Any:
    """Return a value as whoever gets it reads it: a text of JSON is parsed."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def test_the_branches_go_through_every_transition_and_evaluate_every_expression(walks: dict[str, Walk]) -> None:
    taken = {pair for walk in walks.values() for pair in itertools.pairwise(walk.visited)}
    expressions = {one.expression for walk in walks.values() for one in walk.evaluated}

    assert {name: walk.failed for name, walk in walks.items() if walk.failed} == {}
    assert transitions_of(STATES) - taken == set()
    assert set(expressions_of(STATES)) - expressions == set()


def test_the_reference_evaluates_every_expression_as_the_emulator_does(
    evaluated: list[tuple[Evaluated, Any]],
) -> None:
    differing = [
        (one.state, one.expression, one.value, answer)
        for one, answer in evaluated
        if "value" not in answer or read(answer["value"]) != read(one.value)
    ]

    assert differing == []


def test_every_condition_is_true_or_false(evaluated: list[tuple[Evaluated, Any]]) -> None:
    # Step Functions fails a run whose condition is anything else; the emulator reads it as one or the other.
    conditions = {rule["Condition"][2:-2].strip() for state in STATES.values() for rule in state.get("Choices", [])}

    answers = [answer["value"] for one, answer in evaluated if one.expression in conditions]

    assert len(answers) > len(conditions)
    assert [answer for answer in answers if not isinstance(answer, bool)] == []


def test_the_emulator_writes_other_letters_in_texts_of_json_than_the_reference() -> None:
    given = {"variables": {"quote": {"name": NAME}}, "states": {}}
    emulated = stepfunctions._evaluate_jsonata("$string($quote)", None, {"variables": given["variables"]})

    ((_, answer),) = judged([Evaluated("", "$string($quote)", **given, value=emulated)])

    # Whoever reads either as JSON reads the same; whoever compares texts or counts bytes does not.
    assert answer["value"] == json.dumps({"name": NAME}, ensure_ascii=False, separators=(",", ":"))
    assert emulated == json.dumps({"name": NAME}, separators=(",", ":"))
