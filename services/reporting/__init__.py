"""Reporting: what was sold, how carts became orders, and what runs out; figures from events, for staff."""
