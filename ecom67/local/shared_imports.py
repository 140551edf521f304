"""What the functions' processes have in common, imported once: `function_processes` forks them from a process with it.

Nothing of the checkout is imported here: a function has the modules of its own package alone.
"""

# ruff: noqa: F401 - that they are imported is all that is wanted of them

import gc
from functools import cache

import aws_lambda_powertools.event_handler.middlewares.openapi_validation
import aws_lambda_powertools.event_handler.openapi.params
import aws_lambda_powertools.logging
import aws_lambda_powertools.metrics
import aws_lambda_powertools.tracing
import botocore.session
import pydantic
import stripe

CLIENTS = (
    *("dynamodb", "events", "lambda", "sqs", "s3", "ssm"),
    *("secretsmanager", "sesv2", "stepfunctions", "cognito-idp"),
)
"""Services whose clients the functions create: creating one imports a third of botocore, and reads its description."""
NO_CREDENTIALS = "none"


def share_descriptions() -> None:
    """Let all sessions of this process, and of those forked from it, read each service's description once."""
    botocore.session.create_loader = cache(botocore.session.create_loader)
    session = botocore.session.get_session()
    for service in CLIENTS:
        session.create_client(
            service,
            region_name="us-east-1",
            aws_access_key_id=NO_CREDENTIALS,
            aws_secret_access_key=NO_CREDENTIALS,
        )


share_descriptions()
# The collector would write to each object in turn, and so copy every page that a child shares.
gc.collect()
gc.freeze()
