"""One call to the API, as the rules see it."""

import time
from dataclasses import dataclass, field

from ecom67.local.standins.stripe.answers import Json, missing
from ecom67.local.standins.stripe.deliveries import Deliveries
from ecom67.local.standins.stripe.form import Form
from ecom67.local.standins.stripe.store import Store


@dataclass(frozen=True)
class Call:
    """What an endpoint works with.

    Parameters:
        store, deliveries: where it reads and writes, inside a transaction that its caller opened.
        form: the parameters.
        target: the id in the URL, or an empty text.
        request: the id of this request, `req_…`; None for a change that no API request made.
        idempotency_key: the caller's key, if any.
        api_version: the `Stripe-Version` that the caller speaks.
        base_url: the stand-in's own address, without a final slash.
        now: Unix seconds.
    """

    store: Store
    deliveries: Deliveries
    form: Form
    target: str
    request: str | None
    idempotency_key: str | None
    api_version: str
    base_url: str
    now: int = field(default_factory=lambda: int(time.time()))

    def load(self, kind: str, object_id: str, *, param: str | None = None) -> Json:
        """Read an object that must exist; `param` names the parameter that gave the id, None is the URL.

        Raises:
            RefusedError: there is none.
        """
        document = self.store.get(kind, object_id)
        if document is None:
            raise missing(kind, object_id, param=param)
        return document
