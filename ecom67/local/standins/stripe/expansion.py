"""The `expand` parameter: ids replaced by the objects that they name."""

from ecom67.local.standins.stripe.answers import Json, invalid
from ecom67.local.standins.stripe.store import Store

_KINDS = {
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "charge": "charge",
    "latest_charge": "charge",
}


def expand(store: Store, document: Json, paths: list[str]) -> None:
    """Expand a document in place along paths such as `latest_charge` or `data.latest_charge`.

    Raises:
        RefusedError: a path names a property that holds no id.
    """
    for path in paths:
        _follow(store, document, path.split("."), path)


def _follow(store: Store, document: Json, steps: list[str], path: str) -> None:
    head, *rest = steps
    if head == "data" and document["object"] == "list" and rest:
        for member in document["data"]:
            _follow(store, member, rest, path)
        return
    if head not in _KINDS or head not in document:
        raise invalid(f"The property {path} cannot be expanded.", param="expand")
    if isinstance(document[head], str):
        document[head] = store.get(_KINDS[head], document[head])
    if rest and document[head] is not None:
        _follow(store, document[head], rest, path)
