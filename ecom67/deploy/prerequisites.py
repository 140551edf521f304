"""What a stage in AWS needs before it is deployed: one function a prerequisite.

A function yields a finding where something is missing, and nothing where all is well. It leaves AWS's errors to its
caller, other than those that mean "missing".
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ecom67.base.parameters import published_parameters
from ecom67.base.stage_names import stripe_secret_name
from ecom67.deploy.settings import StageSettings

FIREWALL_REGION = "us-east-1"
"""The region of web ACLs and certificates for CloudFront, whatever the stage's own; source: CloudFront's guide."""
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
MIN_BOOTSTRAP_VERSION = 6
"""What the templates of the CDK 2 require."""
RECOMMENDED_CONCURRENCY = 100
"""Concurrent executions that serve some dozens of shoppers at once; docs/scale.md has the figures."""
ANTHROPIC = "anthropic."
KEY_PREFIXES = {"test": ("sk_test_", "rk_test_"), "live": ("sk_live_", "rk_live_")}
"""Of Stripe's secret and restricted keys, by mode."""

Clients = Callable[[str, str], Any]
"""Returns the client of an AWS service, given its botocore name and a region."""


class Severity(StrEnum):
    """What a finding means for a deployment."""

    ERROR = "error"
    """It would fail, or leave a shop that cannot sell."""
    WARNING = "warning"
    """It succeeds, and something of the shop does not work yet."""
    UNKNOWN = "not checked"
    """The caller may not look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing.

    Attributes:
        severity: what it means for a deployment.
        sentence: what is missing.
        remedy: what to do about it.
    """

    severity: Severity
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A check.

    Attributes:
        title: what is checked, as part of "… could not be checked".
        find: yields what is missing, given the stage's name, its settings and the clients.
        services: whose deployment alone needs it as well; None means that of each. That of all services needs all.
    """

    title: str
    find: Callable[[str, StageSettings, Clients], Iterator[Finding]]
    services: frozenset[str] | None = None


def find_placeholders(stage: str, settings: StageSettings, _: Clients) -> Iterator[Finding]:
    """Yield a finding if a setting still has an address of documentation."""
    if settings.placeholders:
        yield Finding(
            Severity.ERROR,
            f"stages/{stage}.toml has placeholders below .example: {', '.join(settings.placeholders)}.",
            "Write addresses there that you own; infra/stage_settings.py describes each setting.",
        )


def find_bootstrap(_: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding for each of the regions in which the CDK is not bootstrapped, or was long ago."""
    for region in dict.fromkeys((settings.region, FIREWALL_REGION)):
        ssm = clients("ssm", region)
        remedy = f"npx cdk bootstrap aws://{clients('sts', region).get_caller_identity()['Account']}/{region}"
        try:
            version = int(ssm.get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            why = " The firewall's stack is there, whatever the stage's region." if region != settings.region else ""
            yield Finding(Severity.ERROR, f"The CDK is not bootstrapped in {region}.{why}", remedy)
            continue
        if version < MIN_BOOTSTRAP_VERSION:
            sentence = f"The CDK's bootstrap in {region} has version {version}; {MIN_BOOTSTRAP_VERSION} is needed."
            yield Finding(Severity.ERROR, sentence, remedy)


def find_sender(stage: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if SES may not send from the stage's address, by the address itself or a domain above it."""
    ses = clients("sesv2", settings.region)
    domain = settings.mail_from.partition("@")[2]
    parts = domain.split(".")
    identities = [settings.mail_from, *(".".join(parts[start:]) for start in range(len(parts) - 1))]
    pending = None
    for identity in identities:
        try:
            found = ses.get_email_identity(EmailIdentity=identity)
        except ses.exceptions.NotFoundException:
            continue
        if found.get("VerifiedForSendingStatus"):
            yield from _find_mail_from(stage, found.get("MailFromAttributes", {}))
            return
        pending = pending or identity
    if pending:
        yield Finding(
            Severity.ERROR,
            f"SES has not verified {pending}, the sender of the shop's e-mails, in {settings.region}.",
            f"Put the records that `ecom67 deploy mail --stage {stage}` prints into the DNS of {domain}, and wait "
            "until SES has seen them.",
        )
        return
    yield Finding(
        Severity.ERROR,
        f"SES does not know {settings.mail_from}, the sender of the shop's e-mails, in {settings.region}.",
        f"ecom67 deploy mail --stage {stage}, then put the records that it prints into the DNS of {domain}.",
    )


def _find_mail_from(stage: str, attributes: dict[str, str]) -> Iterator[Finding]:
    bounces = attributes.get("MailFromDomain")
    if bounces and attributes.get("MailFromDomainStatus", "SUCCESS") != "SUCCESS":
        yield Finding(
            Severity.WARNING,
            f"SES has not seen the records of {bounces}, so SPF passes for Amazon's domain and not for the shop's.",
            f"Put the MX and the SPF record that `ecom67 deploy mail --stage {stage}` prints into the DNS.",
        )


def find_sandbox(_: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if SES sends to verified recipients only, or not at all."""
    account = clients("sesv2", settings.region).get_account()
    if not account.get("SendingEnabled", True):
        sentence = f"SES has paused this account's sending in {settings.region} ({account.get('EnforcementStatus')})."
        yield Finding(Severity.WARNING, sentence, "SES's console, Account dashboard, says why and what to answer.")
    elif not account.get("ProductionAccessEnabled"):
        yield Finding(
            Severity.WARNING,
            f"SES is in its sandbox in {settings.region}: only verified recipients get e-mails, also codes of sign-up.",
            "Request production access in SES's console, Account dashboard; until then, verify the addresses of those "
            "who try the shop: aws sesv2 create-email-identity --email-identity ADDRESS",
        )


def find_stripe_keys(stage: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if the stage has no keys of Stripe yet, or those of another mode."""
    secrets, name = clients("secretsmanager", settings.region), stripe_secret_name(stage)
    store = f"ecom67 stripe keys --stage {stage}"
    try:
        secret = secrets.get_secret_value(SecretId=name)["SecretString"]
    except secrets.exceptions.ResourceNotFoundException:
        sentence = f"There is no secret {name} yet; the payment stack creates it, and no card is charged without keys."
        yield Finding(Severity.WARNING, sentence, f"After the deployment: {store}")
        return
    key = _api_key(secret)
    if not key:
        sentence = f"The secret {name} has no key of Stripe, so no card can be charged."
        yield Finding(Severity.WARNING, sentence, store)
    elif not key.startswith(KEY_PREFIXES[settings.stripe_mode]):
        found = next((mode for mode, prefixes in KEY_PREFIXES.items() if key.startswith(prefixes)), "no known")
        sentence = f"The secret {name} has a key of {found} mode, and stages/{stage}.toml says {settings.stripe_mode}."
        yield Finding(Severity.ERROR, sentence, f"{store}, or change stripe_mode")


def _api_key(secret: str) -> str:
    try:
        content = json.loads(secret)
    except ValueError:
        return ""
    return str(content.get("apiKey", "")) if isinstance(content, dict) else ""


def find_model_access(_: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if the account may not use the chat's model yet."""
    bedrock = clients("bedrock", settings.region)
    # Availability is asked of the model, not of the profile that routes to it: "us.anthropic.…" without its geography.
    model = settings.model_id.partition(".")[2]
    console = f"Bedrock's console in {settings.region}, Model catalog"
    if model.startswith(ANTHROPIC):
        try:
            bedrock.get_use_case_for_model_access()
        except bedrock.exceptions.ResourceNotFoundException:
            yield Finding(
                Severity.WARNING,
                "Anthropic's use-case form has not been sent from this account, so the assistant answers nothing.",
                f"{console}: open {model} and submit the use case details, once an account.",
            )
            return
    try:
        found = bedrock.get_foundation_model_availability(modelId=model)
    except bedrock.exceptions.ResourceNotFoundException:
        yield Finding(Severity.WARNING, f"Bedrock has no model {model}.", "Choose another model_id of your geography.")
        return
    agreement = found.get("agreementAvailability", {}).get("status")
    if (agreement, found.get("authorizationStatus")) != ("AVAILABLE", "AUTHORIZED"):
        yield Finding(
            Severity.WARNING,
            f"This account has not subscribed to {model}, and the shop's role may not: the assistant answers nothing.",
            f"{console}: open {model} in the playground and ask it once, as somebody with aws-marketplace:Subscribe.",
        )


def find_concurrency(stage: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if the account may run few functions at once, or fewer than the queues are set up for."""
    limits = clients("lambda", settings.region).get_account_settings()["AccountLimit"]
    executions = limits["ConcurrentExecutions"]
    if executions < settings.lambda_concurrency:
        sentence = f"This account may run {executions} functions at once in {settings.region}, and stages/{stage}.toml "
        yield Finding(
            Severity.ERROR,
            f"{sentence}says {settings.lambda_concurrency}: orders could become dead letters while others run.",
            f"lambda_concurrency = {executions} in stages/{stage}.toml, or request an increase of Lambda's quota.",
        )
    elif executions < RECOMMENDED_CONCURRENCY:
        yield Finding(
            Severity.WARNING,
            f"This account may run {executions} functions at once in {settings.region}, which a few shoppers use up.",
            'Request an increase of Lambda\'s quota "Concurrent executions" (L-B99A9384); until then, docs/scale.md.',
        )


def find_certificate(stage: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if the domain's certificate is missing, not issued, or of another domain."""
    if settings.certificate_arn is None or settings.domain is None:
        return
    acm = clients("acm", FIREWALL_REGION)
    try:
        certificate = acm.describe_certificate(CertificateArn=settings.certificate_arn)["Certificate"]
    except acm.exceptions.ResourceNotFoundException:
        sentence = f"The certificate of stages/{stage}.toml does not exist in {FIREWALL_REGION}."
        request = f"aws acm request-certificate --domain-name {settings.domain} --validation-method DNS"
        remedy = f"{request} --region {FIREWALL_REGION}, and its ARN into stages/{stage}.toml"
        yield Finding(Severity.ERROR, sentence, remedy)
        return
    names = certificate.get("SubjectAlternativeNames", [certificate["DomainName"]])
    if not any(_covers(name, settings.domain) for name in names):
        sentence = f"The certificate is of {', '.join(names)}, and not of {settings.domain}."
        yield Finding(Severity.ERROR, sentence, f"Request one for {settings.domain} in {FIREWALL_REGION}.")
    elif certificate["Status"] != "ISSUED":
        sentence = f"The certificate of {settings.domain} is not issued: it is {certificate['Status']}."
        yield Finding(Severity.ERROR, sentence, "Put its validation records into the domain's DNS, and wait.")


def _covers(name: str, domain: str) -> bool:
    return name == domain or (name.startswith("*.") and name[2:] == domain.partition(".")[2])


def find_alarm_addresses(stage: str, settings: StageSettings, _: Clients) -> Iterator[Finding]:
    """Yield a finding if nobody is told of alarms."""
    if not settings.alarm_emails:
        sentence = "Alarms reach nobody: the stage has no alarm address."
        yield Finding(Severity.WARNING, sentence, f"alarm_emails in stages/{stage}.toml")


def find_publishable_key(stage: str, settings: StageSettings, clients: Clients) -> Iterator[Finding]:
    """Yield a finding if the browser's key of Stripe is of another mode than the stage."""
    key = published_parameters(clients("ssm", settings.region), stage).get("web/stripe-publishable-key")
    if key and not key.startswith(f"pk_{settings.stripe_mode}_"):
        sentence = (
            f"The publishable key of Stripe is of another mode than stages/{stage}.toml says ({settings.stripe_mode})."
        )
        yield Finding(Severity.ERROR, sentence, f"ecom67 stripe keys --stage {stage}, or change stripe_mode")


PREREQUISITES = (
    Prerequisite("Placeholders", find_placeholders),
    Prerequisite("The CDK's bootstrap", find_bootstrap),
    Prerequisite("The sender of e-mails", find_sender, frozenset({"identity", "notifications"})),
    Prerequisite("SES's sandbox", find_sandbox, frozenset({"mail", "identity", "notifications"})),
    Prerequisite("Stripe's keys", find_stripe_keys, frozenset({"payment"})),
    Prerequisite("Stripe's publishable key", find_publishable_key, frozenset({"web"})),
    Prerequisite("Access to the chat's model", find_model_access, frozenset({"chat"})),
    Prerequisite("Lambda's concurrency", find_concurrency, frozenset()),
    Prerequisite("The certificate", find_certificate, frozenset({"web"})),
    Prerequisite("Addresses for alarms", find_alarm_addresses, frozenset({"bus"})),
)
