"""Checks that run before a deployment to AWS, and say each missing thing with its remedy."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from rich.console import Console

from ecom67.base.errors import CliError
from ecom67.base.tables import print_table
from ecom67.deploy.prerequisites import PREREQUISITES, Clients, Finding, Prerequisite, Severity
from ecom67.deploy.settings import StageSettings, read_settings

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"})
FALLBACK_REGION = "us-east-1"
"""Where the credentials are tried if the settings cannot be read."""
SIGN_IN = "Sign in (aws sso login, or aws configure), and try: aws sts get-caller-identity"


def preflight(stage: str, service: str | None, clients: Clients) -> list[Finding]:
    """Return what is missing for a deployment, the worst first.

    Parameters:
        stage: name of a stage in AWS.
        service: the only service to deploy; None means all.
        clients: returns AWS's clients; called in several threads.
    """
    try:
        settings = read_settings(stage)
    except CliError as error:
        wrong = Finding(
            Severity.ERROR, f"{error}.", f"Correct stages/{stage}.toml; infra/stage_settings.py describes it."
        )
        return [wrong, *_find_credentials(None, clients)]
    findings = list(_find_credentials(settings, clients))
    if any(finding.severity is Severity.ERROR for finding in findings):
        # All others would say the same, or speak of another account.
        return findings
    chosen = [
        found for found in PREREQUISITES if service is None or found.services is None or service in found.services
    ]
    with ThreadPoolExecutor(len(chosen)) as pool:
        for found in pool.map(lambda prerequisite: _check(prerequisite, stage, settings, clients), chosen):
            findings.extend(found)
    return sorted(findings, key=lambda finding: list(Severity).index(finding.severity))


def is_deployable(findings: list[Finding]) -> bool:
    """Return whether a deployment may begin: nothing that was found is an error."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def print_findings(findings: list[Finding], console: Console) -> None:
    """Print what is missing as a table, or that nothing is."""
    if not findings:
        console.print("Nothing is missing.")
        return
    rows = [(finding.severity, finding.sentence, finding.remedy) for finding in findings]
    print_table(("", "What is missing", "Remedy"), rows, console=console)


def aws_clients() -> Clients:
    """Return a function that returns AWS's clients with the caller's credentials; it may be called in threads."""
    session = botocore.session.get_session()
    config = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3})
    clients: dict[tuple[str, str], Any] = {}
    # A session of botocore is not safe to create clients in threads; the clients are.
    lock = threading.Lock()

    def client(service: str, region: str) -> Any:
        with lock:
            if (service, region) not in clients:
                clients[service, region] = session.create_client(service, region_name=region, config=config)
            return clients[service, region]

    return client


def _find_credentials(settings: StageSettings | None, clients: Clients) -> Iterator[Finding]:
    try:
        account = clients("sts", settings.region if settings else FALLBACK_REGION).get_caller_identity()["Account"]
    except NoCredentialsError:
        yield Finding(Severity.ERROR, "There are no AWS credentials.", SIGN_IN)
        return
    except (ClientError, BotoCoreError) as error:
        yield Finding(Severity.ERROR, f"AWS does not accept the credentials: {error}.", SIGN_IN)
        return
    if settings is None:
        return
    if settings.account not in (None, account):
        sentence = f"The credentials are of account {account}, and the settings are of {settings.account}."
        yield Finding(Severity.ERROR, sentence, "Choose the profile of the other account: export AWS_PROFILE=…")
    # The other commands find a stage by the caller's region.
    region = botocore.session.get_session().get_config_variable("region")
    if region != settings.region:
        sentence = f"The stage is in {settings.region}, and your region is {region or 'not set'}."
        yield Finding(Severity.ERROR, sentence, f"export AWS_DEFAULT_REGION={settings.region}")


def _check(prerequisite: Prerequisite, stage: str, settings: StageSettings, clients: Clients) -> list[Finding]:
    try:
        return list(prerequisite.find(stage, settings, clients))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        reason = f"your credentials may not call {error.operation_name}" if code in DENIED else str(error)
    except BotoCoreError as error:
        reason = str(error)
    remedy = "Try again with credentials that may read it, or look in the console."
    return [Finding(Severity.UNKNOWN, f"{prerequisite.title} could not be checked: {reason}.", remedy)]
