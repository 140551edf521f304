"""HTTP routes that everyone may ask: what delivery costs and when it arrives, and what an address has in a country."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from bus.http import ANYONE, Api, not_found
from delivery.addresses import address_format
from schemas.contract import Contract
from schemas.country import COUNTRIES
from services.cart.delivery_quotes import DeliveryQuestion, DeliveryQuoteView, answer_question
from services.cart.dependencies import cart_service

api = Api()
app = api.app
FORMAT_MAX_AGE = 24 * 3600
"""Seconds that a browser keeps the form of a country."""


class Region(Contract):
    """A state, a province or what the country has instead."""

    code: str
    name: str


class AddressFormatView(Contract):
    """What an address has in a country.

    Attributes:
        fields: name, street, city, region and postalCode, those that it has, in the order in which it is written.
        required: those of city, region and postalCode that it has to have.
        region_label: what the country calls a region, such as ``state``.
        regions: by name; empty where the shopper writes it.
        postal_code_pattern: of the whole code, as a regular expression; empty without one.
        postal_code_example: empty without one.
    """

    country: str
    fields: list[str]
    required: list[str]
    region_label: str
    regions: list[Region]
    city_label: str
    postal_code_label: str
    postal_code_pattern: str
    postal_code_example: str


@app.post("/api/delivery/quotes", tags=["delivery"], security=ANYONE)
def quote(question: Annotated[DeliveryQuestion, Body()]) -> DeliveryQuoteView:
    """Tell what it costs to deliver products to an address, or to as much of it as is known, and when they arrive."""
    return answer_question(cart_service(), question)


@app.get("/api/address-formats/<country>", tags=["delivery"], security=ANYONE)
def read_address_format(
    country: Annotated[str, Path(min_length=2, max_length=2, pattern="^[A-Z]{2}$")],
) -> Response[AddressFormatView]:
    """Read what an address has in a country of ISO 3166-1."""
    if country not in COUNTRIES:
        raise not_found("country")
    form = address_format(country)
    view = AddressFormatView(
        country=country,
        fields=list(form.fields),
        required=sorted(form.required),
        region_label=form.region_label,
        regions=[Region(code=code, name=name) for code, name in form.regions],
        city_label=form.city_label,
        postal_code_label=form.postal_code_label,
        postal_code_pattern=form.postal_code_pattern,
        postal_code_example=form.postal_code_example,
    )
    headers = {"Cache-Control": f"public, max-age={FORMAT_MAX_AGE}"}
    return Response(status_code=200, content_type="application/json", body=view, headers=headers)
