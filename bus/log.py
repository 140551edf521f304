"""The one logger of a function: JSON lines, with the correlation id of what runs now."""

from aws_lambda_powertools.logging import Logger

logger = Logger()
