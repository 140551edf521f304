"""What a deployment to AWS needs: each prerequisite is taken away in turn, and named alone.

The account is one of the emulator, and each test has its own. What the emulator has always or never is answered by
botocore's Stubber: access to models, an account's concurrency, a certificate that waits for its validation.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from ecom67.base.errors import CliError
from ecom67.deploy import preflight, prerequisites
from ecom67.deploy.preflight import is_deployable
from ecom67.deploy.prerequisites import BOOTSTRAP_PARAMETER, FIREWALL_REGION, Finding, Severity
from ecom67.deploy.settings import StageSettings, read_settings
from ecom67.local.connection import Connection

REGION = "eu-central-1"
MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
SECRET = "ecom67/dev/stripe"
SESSION = botocore.session.get_session()
AVAILABLE = {
    "modelId": MODEL,
    "agreementAvailability": {"status": "AVAILABLE"},
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}


@dataclass
class Account:
    """An account of the emulator's, in which nothing is missing."""

    endpoint_url: str
    number: str
    settings: StageSettings
    stubs: dict[tuple[str, str], Callable[[Stubber], None]] = field(default_factory=dict)
    made: dict[tuple[str, str], BaseClient] = field(default_factory=dict)

    def __call__(self, service: str, region: str) -> Any:
        if (service, region) not in self.made:
            self.made[service, region] = client = self._client(service, region)
            if answers := self.stubs.get((service, region)):
                stubber = Stubber(client)
                answers(stubber)
                stubber.activate()
        return self.made[service, region]

    def _client(self, service: str, region: str) -> BaseClient:
        return SESSION.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            # The emulator takes twelve digits for the account.
            aws_access_key_id=self.number,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )

    def answer(self, service: str, *answers: tuple[str, dict[str, Any] | str], region: str = REGION) -> None:
        """Answer calls of a service: a method with its response, or with the code of its error."""

        def add(stubber: Stubber) -> None:
            for method, response in answers:
                if isinstance(response, str):
                    stubber.add_client_error(method, response)
                else:
                    stubber.add_response(method, response)

        self.stubs[service, region] = add

    def missing(self, service: str | None = None) -> list[Finding]:
        """Return what the preflight finds."""
        return preflight.preflight("dev", service, self)


def may_run(account: Account, executions: int) -> None:
    """Give an account its concurrency, which the emulator derives from the machine's memory."""
    limits = {"ConcurrentExecutions": executions, "UnreservedConcurrentExecutions": executions}
    account.answer("lambda", ("get_account_settings", {"AccountLimit": limits}))


@pytest.fixture
def account(emulator: Connection, monkeypatch: pytest.MonkeyPatch) -> Account:
    number = str(secrets.randbelow(9 * 10**11) + 10**11)
    settings = StageSettings(
        region=REGION,
        account=number,
        mail_from="shop@mail.shop.org",
        domain="www.shop.org",
        certificate_arn=None,
        alarm_emails=("ops@shop.org",),
        model_id=f"eu.{MODEL}",
        lambda_concurrency=1000,
        stripe_mode="test",
        placeholders=(),
    )
    made = Account(emulator.endpoint_url, number, settings)
    for region in (REGION, FIREWALL_REGION):
        made("ssm", region).put_parameter(Name=BOOTSTRAP_PARAMETER, Value="30", Type="String")
    # The domain of the sender is below the identity, which SES accepts.
    made("sesv2", REGION).create_email_identity(EmailIdentity="shop.org")
    keys = json.dumps({"apiKey": "sk_test_1", "webhookSecret": "whsec_1"})
    made("secretsmanager", REGION).create_secret(Name=SECRET, SecretString=keys)
    certificate = made("acm", FIREWALL_REGION).request_certificate(DomainName="*.shop.org", ValidationMethod="DNS")
    made.settings = replace(settings, certificate_arn=certificate["CertificateArn"])
    made.answer(
        "bedrock",
        ("get_use_case_for_model_access", {"formData": b"0123456789"}),
        ("get_foundation_model_availability", AVAILABLE),
    )
    may_run(made, 1000)
    monkeypatch.setattr(preflight, "read_settings", lambda _: made.settings)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    return made


def only(findings: list[Finding], severity: Severity, *parts: str) -> Finding:
    """Return the only finding, of which the sentence or the remedy has each of the parts."""
    assert len(findings) == 1, findings
    (found,) = findings
    assert found.severity is severity, found
    for part in parts:
        assert part in f"{found.sentence} {found.remedy}", found
    assert found.remedy
    assert is_deployable(findings) is (severity is not Severity.ERROR)
    return found


def test_nothing_is_missing_in_a_complete_account(account: Account) -> None:
    assert account.missing() == []


def test_wrong_settings(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: str) -> StageSettings:
        raise CliError("stages/dev.toml: region: Field required")

    monkeypatch.setattr(preflight, "read_settings", wrong)

    only(account.missing(), Severity.ERROR, "stages/dev.toml: region: Field required.", "Correct stages/dev.toml")


def test_placeholders_among_the_settings(account: Account) -> None:
    account.settings = replace(account.settings, placeholders=("mail_from", "domain"))

    only(account.missing(), Severity.ERROR, "placeholders", "mail_from, domain")


def test_no_credentials(account: Account) -> None:
    def no_credentials(*_: str) -> Any:
        raise NoCredentialsError

    only(preflight.preflight("dev", None, no_credentials), Severity.ERROR, "no AWS credentials", "aws sso login")


def test_credentials_that_have_expired(account: Account) -> None:
    account.made.clear()
    account.answer("sts", ("get_caller_identity", "ExpiredToken"))

    only(account.missing(), Severity.ERROR, "ExpiredToken", "Sign in")


def test_credentials_of_another_account(account: Account) -> None:
    account.settings = replace(account.settings, account="123456789012")

    only(account.missing(), Severity.ERROR, f"of account {account.number}", "of 123456789012", "AWS_PROFILE")


def test_another_region_than_the_stages(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    only(account.missing(), Severity.ERROR, "eu-west-1", f"export AWS_DEFAULT_REGION={REGION}")


@pytest.mark.parametrize("region", [REGION, FIREWALL_REGION])
def test_a_region_without_bootstrap(account: Account, region: str) -> None:
    account("ssm", region).delete_parameter(Name=BOOTSTRAP_PARAMETER)

    only(account.missing(), Severity.ERROR, f"in {region}", f"cdk bootstrap aws://{account.number}/{region}")


def test_an_old_bootstrap(account: Account) -> None:
    account("ssm", REGION).put_parameter(Name=BOOTSTRAP_PARAMETER, Value="5", Type="String", Overwrite=True)

    only(account.missing(), Severity.ERROR, "version 5", "cdk bootstrap")


def test_a_sender_that_ses_does_not_know(account: Account) -> None:
    account("sesv2", REGION).delete_email_identity(EmailIdentity="shop.org")

    only(account.missing(), Severity.ERROR, "does not know shop@mail.shop.org", "ecom67 deploy mail --stage dev")


def test_a_sender_that_waits_for_its_verification(account: Account) -> None:
    account.made.clear()
    pending = {"IdentityType": "DOMAIN", "VerifiedForSendingStatus": False}
    account.answer("sesv2", ("get_email_identity", pending), *[("get_email_identity", "NotFoundException")] * 2)

    # By itself: the stub answers calls in their order, and the sandbox is checked in another thread.
    found = list(prerequisites.find_sender("dev", account.settings, account))

    only(found, Severity.ERROR, "has not verified shop@mail.shop.org", "records")


def test_a_sender_whose_bounces_have_no_records_yet(account: Account) -> None:
    account.made.clear()
    mail_from = {"MailFromDomain": "bounces.shop.org", "MailFromDomainStatus": "PENDING"}
    verified = {
        "VerifiedForSendingStatus": True,
        "MailFromAttributes": {**mail_from, "BehaviorOnMxFailure": "REJECT_MESSAGE"},
    }
    account.answer("sesv2", ("get_email_identity", verified))

    found = list(prerequisites.find_sender("dev", account.settings, account))

    only(found, Severity.WARNING, "bounces.shop.org", "MX and the SPF record")


def test_an_account_in_the_sandbox_of_ses(account: Account) -> None:
    account("sesv2", REGION).put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://www.shop.org", ProductionAccessEnabled=False
    )

    only(account.missing(), Severity.WARNING, "sandbox", "production access")


def test_no_secret_of_stripe(account: Account) -> None:
    account("secretsmanager", REGION).delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)

    only(account.missing(), Severity.WARNING, f"no secret {SECRET}", "ecom67 stripe keys --stage dev")


def test_a_secret_without_a_key(account: Account) -> None:
    account("secretsmanager", REGION).put_secret_value(SecretId=SECRET, SecretString='{"apiKey": ""}')

    only(account.missing(), Severity.WARNING, "no key of Stripe", "ecom67 stripe keys --stage dev")


def test_a_key_of_stripes_other_mode(account: Account) -> None:
    account("secretsmanager", REGION).put_secret_value(SecretId=SECRET, SecretString='{"apiKey": "sk_live_1"}')

    only(account.missing(), Severity.ERROR, "live", "says test")


def test_a_publishable_key_of_stripes_other_mode(account: Account) -> None:
    name = "/ecom67/dev/web/stripe-publishable-key"
    account("ssm", REGION).put_parameter(Name=name, Value="pk_live_1", Type="String")

    only(account.missing(), Severity.ERROR, "publishable key", "(test)")


def test_no_use_case_form(account: Account) -> None:
    account.answer("bedrock", ("get_use_case_for_model_access", "ResourceNotFoundException"))

    only(account.missing(), Severity.WARNING, "use-case form", "submit")


def test_no_subscription_to_the_model(account: Account) -> None:
    account.answer(
        "bedrock",
        ("get_use_case_for_model_access", {"formData": b"0123456789"}),
        ("get_foundation_model_availability", AVAILABLE | {"agreementAvailability": {"status": "NOT_AVAILABLE"}}),
    )

    only(account.missing(), Severity.WARNING, f"not subscribed to {MODEL}", "aws-marketplace:Subscribe")


def test_few_concurrent_executions(account: Account) -> None:
    account.settings = replace(account.settings, lambda_concurrency=10)
    may_run(account, 10)

    only(account.missing(), Severity.WARNING, "10 functions at once", "docs/scale.md")


def test_fewer_concurrent_executions_than_the_settings_say(account: Account) -> None:
    may_run(account, 10)

    only(account.missing(), Severity.ERROR, "10 functions at once", "says 1000", "lambda_concurrency = 10")


def test_a_certificate_that_does_not_exist(account: Account) -> None:
    account("acm", FIREWALL_REGION).delete_certificate(CertificateArn=account.settings.certificate_arn)

    only(account.missing(), Severity.ERROR, "does not exist", "--domain-name www.shop.org")


def test_a_certificate_of_another_domain(account: Account) -> None:
    # A wildcard covers one level only.
    account.settings = replace(account.settings, domain="a.www.shop.org")

    only(account.missing(), Severity.ERROR, "*.shop.org", "not of a.www.shop.org")


def test_a_certificate_that_is_not_issued(account: Account) -> None:
    account.made.clear()
    pending = {"DomainName": "www.shop.org", "Status": "PENDING_VALIDATION"}
    account.answer("acm", ("describe_certificate", {"Certificate": pending}), region=FIREWALL_REGION)

    only(account.missing(), Severity.ERROR, "PENDING_VALIDATION", "validation records")


def test_no_address_for_alarms(account: Account) -> None:
    account.settings = replace(account.settings, alarm_emails=())

    only(account.missing(), Severity.WARNING, "no alarm address", "alarm_emails")


def test_what_the_caller_may_not_read_is_said_as_such(account: Account) -> None:
    account.answer("lambda", ("get_account_settings", "AccessDeniedException"))

    only(account.missing(), Severity.UNKNOWN, "Lambda's concurrency could not be checked", "GetAccountSettings")


def test_one_service_is_not_held_up_by_what_others_need(account: Account) -> None:
    account("sesv2", REGION).delete_email_identity(EmailIdentity="shop.org")
    account("acm", FIREWALL_REGION).delete_certificate(CertificateArn=account.settings.certificate_arn)

    assert account.missing("orders") == []
    assert account.missing("mail") == []
    only(account.missing("identity"), Severity.ERROR, "does not know")


def test_the_settings_of_the_stages_are_read_by_a_process_of_infra() -> None:
    assert read_settings("dev").placeholders == ("mail_from",)
    with pytest.raises(CliError, match=r"stages/none\.toml is missing"):
        read_settings("none")
