"""Inventory: how many units there are, and who may have them."""
