"""The mails of a stage: they link to the shop that sent them, and say where the parcel goes and when in which zone."""

import re

from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection


def test_a_confirmation_links_to_this_shop_and_names_address_and_time_zone(stage: Connection) -> None:
    ada = Shopper(stage)
    ada.sign_up()
    lamp = ada.find_product("lighting", at_least=2)
    cart = ada.fill_cart((lamp["productId"], 1))
    order_id = ada.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]

    mail = ada.mail_about(order_id)

    assert f"{stage.shop_url}/o/" in mail
    assert set(re.findall(r"http://localhost:\d+", mail)) == {stage.shop_url}
    assert "Delivery address: Ada Demo, 12 Harbour Street, 97201 Portland OR, US" in mail
    assert re.search(r"Placed: \w+ \d+, \d{4} at \d+:\d\d [AP]M E[SD]T", mail)
