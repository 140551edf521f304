"""The mail stack: the identity from which the shop sends e-mails, and SES's configuration set."""

from aws_cdk import CfnOutput
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stage import Stage

MX_PRIORITY = 10
"""As SES's developer guide has it in "Using a custom MAIL FROM domain"."""


class MailStack(ServiceStack):
    """Owns the sender of all e-mails: those of the shop, and those of Cognito.

    It depends on no other stack and is deployed before all others, since Cognito creates no user pool with a sender
    that SES has not verified. Its outputs are the records to put into the domain's DNS.

    Publishes ``configuration-set``.

    Parameters:
        scope: the app.
        stage: settings of the stage.
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "mail")
        configuration_set = ses.ConfigurationSet(
            self,
            "ConfigurationSet",
            configuration_set_name=f"{stage.prefix}-mail",
            reputation_metrics=True,
            # SES puts the address into the account's suppression list, and sends nothing more there.
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
        )
        self.publish_parameter("configuration-set", configuration_set.configuration_set_name)
        if stage.mail_domain:
            self._create_domain(stage.mail_domain)
        else:
            # Its owner verifies it by the link that SES sends there.
            ses.EmailIdentity(self, "Sender", identity=ses.Identity.email(stage.mail_from))

    def _create_domain(self, domain: str) -> None:
        # Bounces go to a subdomain, so that SPF passes for the domain in the From header (DMARC's alignment). It may
        # receive no other mail, hence not the usual "mail.".
        bounces = f"bounces.{domain}"
        identity = ses.EmailIdentity(
            self,
            "Sender",
            identity=ses.Identity.domain(domain),
            mail_from_domain=bounces,
            # Until SES has seen the records of the subdomain it uses a domain of its own.
            mail_from_behavior_on_mx_failure=ses.MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
        )
        if not self.stage.emulated:
            self._put_out_records(identity, domain, bounces)

    def _put_out_records(self, identity: ses.EmailIdentity, domain: str, bounces: str) -> None:
        for number, record in enumerate(identity.dkim_records, start=1):
            CfnOutput(self, f"DkimRecord{number}", value=f"{record.name} CNAME {record.value}")
        feedback = f"feedback-smtp.{self.region}.amazonses.com"
        CfnOutput(self, "MailFromMxRecord", value=f"{bounces} MX {MX_PRIORITY} {feedback}")
        CfnOutput(self, "MailFromSpfRecord", value=f'{bounces} TXT "v=spf1 include:amazonses.com ~all"')
        CfnOutput(self, "DmarcRecord", value=f'_dmarc.{domain} TXT "v=DMARC1; p=none"')
