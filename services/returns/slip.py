"""The return slip: what goes into the parcel, so that the warehouse knows whose it is and what is in it."""

from documents.formatting import format_date_time
from documents.letterhead import letterhead
from services.returns.domain import Return

REASONS = {"WITHDRAWN": "Withdrawal from the contract", "RETURNED": "Return"}
"""What stands for a reason on the slip."""
BOX = "☐"


def return_slip(returned: Return) -> bytes:
    """Return the slip of a return, a PDF. It names no shopper: whoever opens the parcel needs none.

    Parameters:
        returned: the return.
    """
    # reportlab takes a fifth of a second to load, and only this needs it.
    from documents.pdf import Column, PdfDocument

    number = returned.number
    head = letterhead()
    document = PdfDocument("Return slip", subject=f"Return {number}")
    document.add_address([head.company, "Returns", *head.address])
    document.add_facts(
        {
            "Return": number,
            "Order": returned.order_number,
            "Announced": format_date_time(returned.requested_at),
            "Reason": REASONS[returned.reason],
        }
    )
    document.add_table(
        [Column("In the parcel"), Column("Quantity", numeric=True), Column("Product", share=5)],
        [[BOX, str(line.quantity), line.name] for line in returned.lines],
    )
    document.add_paragraph("Tick what you send back, put this slip into the parcel, and send it to the address above.")
    document.add_paragraph("Keep the carrier's proof of posting until your money is back.")
    return document.render()
