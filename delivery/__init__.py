"""Delivery: where the shop delivers, how, at what price and when. Pure rules over the settings of the shop's owner."""
