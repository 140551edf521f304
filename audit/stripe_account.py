"""The charges and refunds in the Stripe account of a stage, or in the stand-in of the local one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audit.records import Charge, StripeRefund
from schemas.contract import Money

if TYPE_CHECKING:
    import stripe

PAGE_SIZE = 100
"""The most that Stripe lists in one answer."""


class StripeAccount:
    """The Stripe account of a stage, of which charges and refunds are listed.

    Parameters:
        services: Stripe's API, as the SDK offers it.
    """

    def __init__(self, services: "stripe.V1Services") -> None:
        self._services = services

    @classmethod
    def opened_with(cls, secret: Mapping[str, str]) -> "StripeAccount":
        """Return the account of a key.

        Parameters:
            secret: ``apiKey``, and where Stripe's stand-in is asked, its address as ``apiBase``.
        """
        import stripe  # half a second, which only an audit needs

        client = stripe.StripeClient(
            secret["apiKey"],
            max_network_retries=3,
            base_addresses={"api": secret["apiBase"]} if secret.get("apiBase") else None,
        )
        return cls(client.v1)

    def charges(
        self, since: datetime | None = None, until: datetime | None = None, *, intent_id: str | None = None
    ) -> Iterator[Charge]:
        """Yield the charges of the shop that took money, the newest first.

        Parameters:
            since: only those that were made from then on.
            until: only those that were made until then.
            intent_id: only those of this PaymentIntent.
        """
        for charge in self._list(self._services.charges, since, until, intent_id):
            order_id = (charge["metadata"] or {}).get("orderId")
            # Others in the account are not the shop's; what was only authorised took nothing.
            if order_id and charge["captured"] and charge["payment_intent"]:
                yield Charge(
                    charge_id=charge["id"],
                    intent_id=charge["payment_intent"],
                    order_id=order_id,
                    amount=Money(amount=charge["amount_captured"], currency=charge["currency"].upper()),
                    created=charge["created"],
                )

    def refunds(
        self, since: datetime | None = None, until: datetime | None = None, *, intent_id: str | None = None
    ) -> Iterator[StripeRefund]:
        """Yield the refunds of PaymentIntents, the newest first; the parameters are those of ``charges``."""
        for refund in self._list(self._services.refunds, since, until, intent_id):
            if refund["payment_intent"]:
                yield StripeRefund(
                    refund_id=refund["id"],
                    intent_id=refund["payment_intent"],
                    amount=Money(amount=refund["amount"], currency=refund["currency"].upper()),
                    status=refund["status"],
                    created=refund["created"],
                    request_id=(refund["metadata"] or {}).get("requestId"),
                )

    @staticmethod
    def _list(
        service: Any, since: datetime | None, until: datetime | None, intent_id: str | None
    ) -> Iterator[dict[str, Any]]:
        parameters: dict[str, Any] = {"limit": PAGE_SIZE}
        # Stripe's times are whole seconds.
        created = {"gte": int(since.timestamp())} if since else {}
        created |= {"lte": int(until.timestamp())} if until else {}
        if created:
            parameters["created"] = created
        if intent_id:
            parameters["payment_intent"] = intent_id
        return (found.to_dict() for found in service.list(parameters).auto_paging_iter())
