"""The commands of payment, which the state machine and other services invoke: charge, confirm, refund."""

from bus.command import command
from services.payment.charges import ChargeInput, ConfirmInput
from services.payment.dependencies import charge_service, refund_service
from services.payment.outcomes import ChargeOutcome, ConfirmOutcome, RefundOutcome
from services.payment.refunds import RefundInput


def _charge(given: ChargeInput) -> ChargeOutcome:
    return charge_service().charge(given)


def _confirm(given: ConfirmInput) -> ConfirmOutcome:
    return charge_service().confirm(given)


def _refund(given: RefundInput) -> RefundOutcome:
    return refund_service().refund(given)


charge = command(_charge, ChargeInput)
confirm = command(_confirm, ConfirmInput)
refund = command(_refund, RefundInput)
