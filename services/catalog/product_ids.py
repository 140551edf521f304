"""Assigns product ids to the rows of an import, so that no row replaces a product that it is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from services.catalog.domain import ProductRecord
from services.catalog.row_parser import ParsedRow
from services.catalog.slug import numbered


@dataclass(frozen=True, slots=True)
class AssignedRow:
    """A row with the id of its product.

    Attributes:
        number: its place in the file or the request.
        row: what it says.
        record: what was stored under the id when it was assigned; None if nothing was.
        taken_by: name of the product that has the id which the row would have had; None if the row has that id.
    """

    number: int
    row: ParsedRow
    record: ProductRecord | None = None
    taken_by: str | None = None


@dataclass(slots=True)
class Assignment:
    """The assigned rows by product id, and the numbers of those that repeat an earlier one, with its number."""

    rows: dict[str, AssignedRow] = field(default_factory=dict)
    repeated: dict[int, tuple[str, int]] = field(default_factory=dict)


def assign_product_ids(
    rows: Mapping[int, ParsedRow], get_records: Callable[[Sequence[str]], Mapping[str, ProductRecord]]
) -> Assignment:
    """Return the rows by the ids of their products, each the first that is free or already the product's own.

    A row whose id belongs to another product gets the next one, ``lamp-2``. The same rows again get the same ids.

    Parameters:
        rows: by their numbers.
        get_records: returns the stored records of product ids.
    """
    assignment = Assignment()
    names: dict[int, str] = {}
    pending = dict(rows)
    for attempt in count(1):
        candidates = {number: numbered(row.identity.product_id, attempt) for number, row in pending.items()}
        stored = get_records(list(dict.fromkeys(candidates.values()))) if candidates else {}
        for number, product_id in candidates.items():
            row, record, earlier = rows[number], stored.get(product_id), assignment.rows.get(product_id)
            held = earlier.row.product if earlier else record.product if record else None
            if held is not None and not row.identity.is_of(row.product, held):
                names.setdefault(number, held.name)
                continue
            if earlier:
                assignment.repeated[number] = product_id, earlier.number
            else:
                assignment.rows[product_id] = AssignedRow(number, row, record, names.get(number))
            del pending[number]
        if not pending:
            return assignment
    raise AssertionError("every row finds a free id")
