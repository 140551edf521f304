"""Mail: one verified sender for the shop and for Cognito, and no further mail to who bounced or complained."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.stage_settings import read_settings
from tests.infra.synthesis import DEPLOYED, Shop


def only(shop: Shop, kind: str) -> dict[str, Any]:
    ((_, _, properties),) = shop.of_type(kind)
    return properties


def test_bounces_and_complaints_stop_further_mail_to_that_address(shop: Shop) -> None:
    properties = only(shop, "AWS::SES::ConfigurationSet")

    assert set(properties["SuppressionOptions"]["SuppressedReasons"]) == {"BOUNCE", "COMPLAINT"}


def test_the_shop_and_cognito_send_with_that_configuration_set(deployed: Shop) -> None:
    (email,) = [found for found in deployed.functions() if found.name == "notifications-email"]
    identity = deployed.templates["identity"]
    cognito = only(deployed, "AWS::Cognito::UserPool")["EmailConfiguration"]

    path = f"/ecom67/{deployed.stage}/mail/configuration-set"
    assert email.stack.parameter_of(email.environment["CONFIGURATION_SET"]) == path
    assert identity.parameter_of(cognito["ConfigurationSet"]) == path


def test_cognito_sends_through_ses_from_the_identity_of_the_stage(deployed: Shop) -> None:
    sender = read_settings(deployed.stage).mail_from
    cognito = only(deployed, "AWS::Cognito::UserPool")["EmailConfiguration"]

    assert cognito["EmailSendingAccount"] == "DEVELOPER"
    assert cognito["From"] == f"e-com67 <{sender}>"
    # Cognito looks for exactly this identity, and not for one that covers it.
    assert json.dumps(cognito["SourceArn"]).endswith(f':identity/{sender.partition("@")[2]}"]]}}')


def test_the_identity_is_a_domain_whose_records_are_outputs(deployed: Shop) -> None:
    domain = read_settings(deployed.stage).mail_domain
    properties = only(deployed, "AWS::SES::EmailIdentity")
    outputs = {name: found["Value"] for name, found in deployed.templates["mail"].body["Outputs"].items()}

    assert properties["EmailIdentity"] == domain
    assert properties["MailFromAttributes"] == {
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
        "MailFromDomain": f"bounces.{domain}",
    }
    assert [str(outputs[f"DkimRecord{number}"]).count("DkimDNSTokenName") for number in (1, 2, 3)] == [1, 1, 1]
    assert outputs["MailFromMxRecord"] == f"bounces.{domain} MX 10 feedback-smtp.us-east-1.amazonses.com"
    assert outputs["MailFromSpfRecord"] == f'bounces.{domain} TXT "v=spf1 include:amazonses.com ~all"'
    assert outputs["DmarcRecord"].startswith(f"_dmarc.{domain} TXT ")


def test_mail_is_deployed_before_what_sends_and_after_nothing(deployed: Shop) -> None:
    assert deployed.depends_on("mail") == set()
    assert "mail" in deployed.depends_on("identity") & deployed.depends_on("notifications")


def test_two_stages_do_not_claim_one_domain(shops: dict[str, Shop]) -> None:
    claimed = [only(shop, "AWS::SES::EmailIdentity")["EmailIdentity"] for shop in (shops[stage] for stage in DEPLOYED)]

    assert len(set(claimed)) == len(claimed)


def test_a_stage_without_a_domain_has_an_address_verified(tmp_path: Path) -> None:
    # Imported late: the CDK loads for seconds.
    from aws_cdk import App
    from aws_cdk.assertions import Template

    from infra.stacks.mail import MailStack
    from infra.stage import get_stage

    stage = replace(get_stage("dev"), mail_from="me@example.com", mail_domain=None)

    template = Template.from_stack(MailStack(App(outdir=str(tmp_path)), stage)).to_json()

    (identity,) = (found for found in template["Resources"].values() if found["Type"] == "AWS::SES::EmailIdentity")
    assert identity["Properties"].keys() == {"EmailIdentity", "Tags"}
    assert identity["Properties"]["EmailIdentity"] == "me@example.com"
    assert "Outputs" not in template


@pytest.mark.parametrize(("metric", "rate"), [("Reputation.BounceRate", 0.05), ("Reputation.ComplaintRate", 0.001)])
def test_an_alarm_is_raised_before_ses_pauses_the_account(deployed: Shop, metric: str, rate: float) -> None:
    (alarm,) = [
        properties
        for _, _, properties in deployed.of_type("AWS::CloudWatch::Alarm")
        if properties.get("MetricName") == metric
    ]

    assert (alarm["Namespace"], alarm["Threshold"], alarm["Statistic"]) == ("AWS/SES", rate, "Average")
