"""The charges and refunds in the Stripe account of a stage, or in the stand-in of the local one."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ecom67.audit.records import Charge, StripeRefund
from ecom67.base.errors import CliError
from ecom67.base.stage_names import stripe_secret_name
from ecom67.stage_client import StageClient
from schemas.contract import Money

if TYPE_CHECKING:
    import stripe

PAGE_SIZE = 100
"""The most that Stripe lists in one answer."""


class StripeAccount:
    """The Stripe account of a stage.

    Parameters:
        services: Stripe's API, as the SDK offers it.
    """

    def __init__(self, services: "stripe.V1Services") -> None:
        self._services = services

    @classmethod
    def of(cls, stage: StageClient) -> "StripeAccount":
        """Return the account whose key is in the stage's secret.

        Raises CliError where the secret has no key yet.
        """
        import stripe  # half a second, which no other command needs

        secret_id = stripe_secret_name(stage.name)
        text = stage.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
        secret = json.loads(text)
        if not secret.get("apiKey"):
            raise CliError(f"Secret {secret_id} has no apiKey, so Stripe cannot be asked.")
        client = stripe.StripeClient(
            secret["apiKey"],
            max_network_retries=3,
            base_addresses={"api": secret["apiBase"]} if secret.get("apiBase") else None,
        )
        return cls(client.v1)

    def charges(self, since: datetime | None = None, intent_id: str | None = None) -> Iterator[Charge]:
        """Yield the charges of the shop that took money, the newest first.

        Parameters:
            since: only those that were made from then on.
            intent_id: only those of this PaymentIntent.
        """
        for charge in self._list(self._services.charges, since, intent_id):
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

    def refunds(self, since: datetime | None = None, intent_id: str | None = None) -> Iterator[StripeRefund]:
        """Yield the refunds of PaymentIntents, the newest first; the parameters are those of ``charges``."""
        for refund in self._list(self._services.refunds, since, intent_id):
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
    def _list(service: Any, since: datetime | None, intent_id: str | None) -> Iterator[dict[str, Any]]:
        parameters: dict[str, Any] = {"limit": PAGE_SIZE}
        if since:
            parameters["created"] = {"gte": int(since.timestamp())}
        if intent_id:
            parameters["payment_intent"] = intent_id
        return (found.to_dict() for found in service.list(parameters).auto_paging_iter())
