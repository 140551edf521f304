"""The shop's time zone, in which its warehouse works, its mails and pages tell times, and its days are counted."""

TIME_ZONE = "America/New_York"
"""``frontend/src/components/dates.ts`` has the same."""
