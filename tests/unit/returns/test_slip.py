"""The return slip."""

from io import BytesIO

import pypdf

from services.returns.domain import decide
from services.returns.slip import return_slip
from tests.unit.returns.conftest import NOW, an_order


def test_the_slip_names_return_order_and_units_and_no_shopper() -> None:
    returned = decide("w", an_order(), None, (), NOW).opened
    assert returned is not None

    slip = return_slip(returned)

    text = pypdf.PdfReader(BytesIO(slip)).pages[0].extract_text()
    for said in ("2A3C4D5E6F-1", "2A3C4D5E6F", "Lamp", "Cup", "Withdrawal from the contract", "e-com67, Inc."):
        assert said in text
    assert "ada" not in text
    assert slip == return_slip(returned)
