"""Boxes at a post office are told from addresses with a door."""

import pytest

from delivery.post_box import is_post_box


@pytest.mark.parametrize(
    "line",
    [
        "PO Box 7",
        "P.O. Box 7",
        "p. o. box #12-B",
        "P O Box 19",
        "POBox 7",
        "P.O.B. 7",
        "POB 1234",
        "Post Office Box 99",
        "Postal Box 3",
        "1 Main Street, PO Box 7",
        "Box 12",
        "Boîte postale 12",
        "Case postale 1234 succ. A",
        "C.P. 1234",
        "BP 34",
        "Apartado postal 55",
        "Apdo. 55",
        "Apartado 12",
        "Casilla de correo 9",
        "Postfach 10 20 30",
        "Postbus 12",
        "Caixa Postal 100",
        "General Delivery",
        "PSC 3 Box 4120",
        "CMR 402, Box 17",
    ],
)
def test_a_post_box_is_recognised(line: str) -> None:
    assert is_post_box(line)
    assert is_post_box("Acme Inc.", line)


@pytest.mark.parametrize(
    "line",
    [
        "12 Harbour Street",
        "4 Box Hill Road",
        "Box Elder Avenue 12",
        "Boxwood Lane 7",
        "1 Post Office Square",
        "7 Po Street",
        "22 Pobal Road",
        "Unit 12",
        "Unit 12, Building 4",
        "Postal Road 3",
        "120 Posthouse Way",
        "Suite 5, Mailbox Building",
        "CP Railway House 3",
        "",
    ],
)
def test_an_address_with_a_door_is_none(line: str) -> None:
    assert not is_post_box(line, None)
