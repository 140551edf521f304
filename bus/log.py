"""The logger of a function: JSON lines with the correlation id of the current context."""

from aws_lambda_powertools.logging import Logger

logger = Logger()
