"""A call of the API, as the endpoints receive it."""

import time
from dataclasses import dataclass, field

from ecom67.local.standins.stripe.deliveries import DeliveryQueue
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.responses import Json, missing
from ecom67.local.standins.stripe.store import ObjectStore


@dataclass(frozen=True)
class Call:
    """A call of the API.

    Attributes:
        store, deliveries: the state, within a transaction of the caller.
        form: the parameters.
        target: the id in the URL, or an empty string.
        request: the request id, `req_…`; None for a change without an API request.
        idempotency_key: the caller's idempotency key, if any.
        api_version: the caller's `Stripe-Version`.
        base_url: URL of the stand-in, without a trailing slash.
        now: Unix seconds.
    """

    store: ObjectStore
    deliveries: DeliveryQueue
    form: RequestForm
    target: str
    request: str | None
    idempotency_key: str | None
    api_version: str
    base_url: str
    now: int = field(default_factory=lambda: int(time.time()))

    def load(self, kind: str, object_id: str, *, param: str | None = None) -> Json:
        """Return an object.

        Parameters:
            kind: its kind, such as `charge`.
            object_id: its id.
            param: name of the parameter that contains the id; None is the URL.

        Raises:
            ApiError: it does not exist.
        """
        document = self.store.get(kind, object_id)
        if document is None:
            raise missing(kind, object_id, param=param)
        return document
