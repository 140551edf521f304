"""The `expand` parameter: replaces ids by the objects."""

from ecom67.local.standins.stripe.responses import Json, invalid
from ecom67.local.standins.stripe.store import ObjectStore

_KINDS = {
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "charge": "charge",
    "latest_charge": "charge",
}


def expand(store: ObjectStore, document: Json, paths: list[str]) -> None:
    """Expand a document in place along paths such as `latest_charge` or `data.latest_charge`.

    Raises:
        ApiError: a path names a property that is not an id.
    """
    for path in paths:
        _expand_path(store, document, path.split("."), path)


def _expand_path(store: ObjectStore, document: Json, steps: list[str], path: str) -> None:
    head, *rest = steps
    if head == "data" and document["object"] == "list" and rest:
        for member in document["data"]:
            _expand_path(store, member, rest, path)
        return
    if head not in _KINDS or head not in document:
        raise invalid(f"The property {path} cannot be expanded.", param="expand")
    if isinstance(document[head], str):
        document[head] = store.get(_KINDS[head], document[head])
    if rest and document[head] is not None:
        _expand_path(store, document[head], rest, path)
