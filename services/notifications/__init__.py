"""Notifications: sends shoppers e-mails about their orders and carts."""
