"""Who sees which documents."""

import json
from typing import Any

import pytest

from services.invoices import api as routes
from services.invoices.document_files import DocumentFiles
from services.invoices.issuing import Issuing
from services.invoices.store import InvoiceStore
from tests.unit.invoices.conftest import BUCKET, NOON


@pytest.fixture(autouse=True)
def an_invoice(issuing: Issuing, store: InvoiceStore, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "store", lambda: store)
    monkeypatch.setattr(routes, "files", lambda: DocumentFiles(s3, BUCKET))
    issuing.invoice("order-1", "ada", NOON)


def documents(user_id: str, groups: str = "", order_id: str = "order-1") -> list[dict[str, Any]]:
    claims = {"sub": user_id, "cognito:groups": groups}
    request = {
        "version": "2.0",
        "rawPath": f"/api/orders/{order_id}/invoices",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "http": {"method": "GET", "path": f"/api/orders/{order_id}/invoices"},
            "stage": "$default",
            "authorizer": {"jwt": {"claims": claims}},
        },
    }
    answer = routes.api(request, None)
    assert answer["statusCode"] == 200, answer
    items: list[dict[str, Any]] = json.loads(answer["body"])["items"]
    return items


def test_the_shopper_gets_a_link_to_the_invoice() -> None:
    (invoice,) = documents("ada")

    assert (invoice["number"], invoice["kind"]) == ("INV-2026-000001", "INVOICE")
    assert invoice["total"] == {"amount": 5499, "currency": "USD"}
    assert "INV-2026-000001.pdf" in invoice["url"]


def test_staff_gets_those_of_any_order() -> None:
    assert len(documents("grace", groups="[staff]")) == 1


def test_another_shopper_gets_none_as_for_an_order_that_does_not_exist() -> None:
    assert documents("eve") == documents("eve", order_id="nothing") == []


def test_a_document_whose_pdf_is_not_stored_yet_is_not_shown(store: InvoiceStore, dynamodb: Any) -> None:
    known = store.find("order-1")
    assert known
    assert known.invoice
    unstored = known.invoice.model_copy(update={"is_stored": False})
    after = known.model_copy(update={"invoice": unstored, "sequence": known.sequence + 1})
    store.update(known, lambda _: (after, None))

    assert documents("ada") == []
