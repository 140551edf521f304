"""The checks: each yields what differs about one order or one product."""
