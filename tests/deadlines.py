"""How long a test waits for what has to come: a guard against hanging, generous for a machine that is busy."""

DEADLINE_SECONDS = 120
DEADLINE_MS = DEADLINE_SECONDS * 1000
