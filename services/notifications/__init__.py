"""Notifications: tells shoppers by e-mail what happened to their orders and carts."""
