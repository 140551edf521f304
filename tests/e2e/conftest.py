"""End-to-end tests end with the audit of what they did."""

from tests.audited import audited as audited
from tests.audited import auditor as auditor
