"""Functions that the state machine and other services invoke: charge, confirm, refund."""

from bus.command import command
from services.payment.answers import ChargeAnswer, RefundAnswer
from services.payment.charging import ChargeInput, ConfirmInput
from services.payment.dependencies import charging, refunding
from services.payment.refunding import RefundInput


def _charge(given: ChargeInput) -> ChargeAnswer:
    return charging().charge(given)


def _confirm(given: ConfirmInput) -> ChargeAnswer:
    return charging().confirm(given)


def _refund(given: RefundInput) -> RefundAnswer:
    return refunding().refund(given)


charge = command(_charge, ChargeInput)
confirm = command(_confirm, ConfirmInput)
refund = command(_refund, RefundInput)
