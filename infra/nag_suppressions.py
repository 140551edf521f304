"""Findings of cdk-nag's AwsSolutions rules that are accepted, each with its reason.

``tests/infra/test_nag_suppressions.py`` fails if a finding is not listed here, and if an entry has no finding.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suppression:
    """An accepted finding.

    Attributes:
        rule: pattern of the rule's id, including the finding in brackets where the rule has one.
        construct: pattern of the construct's path below the stage, such as ``catalog/Images/Resource``.
        reason: why the finding is accepted.
    """

    rule: str
    construct: str
    reason: str

    def matches(self, rule: str, construct: str) -> bool:
        """Return whether a finding is covered by this entry.

        Parameters:
            rule: id of the rule, with the finding in brackets.
            construct: path of the construct below the stage.
        """
        return bool(re.fullmatch(self.rule, rule) and re.fullmatch(self.construct, construct))


DEFAULT_POLICY = r".*/DefaultPolicy/Resource"
"""The policies that the CDK creates for the roles of functions and of the state machine."""

SUPPRESSIONS = (
    Suppression(
        r"AwsSolutions-IAM5\[Resource::\*\]",
        DEFAULT_POLICY,
        "X-Ray, ListStreams and log delivery accept no resource. tests/infra/test_grants.py allows no other action.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::arn:.*:parameter/ecom67/prod/people/\*\]",
        r"identity/(Api|StaffApi|Export)Role/.*",
        "An export finds the export commands of all services, including future ones, by their parameters.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::arn:.*:function:ecom67-prod-\*-export\]",
        r"identity/(Api|StaffApi|Export)Role/.*",
        "An export invokes the export commands of all services, and no other function.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::arn:.*:identity/\*\]",
        r"notifications/EmailRole/.*",
        "SES's sandbox checks the recipient's identity as well; a condition restricts the sender.",
    ),
    Suppression(
        r"AwsSolutions-L1",
        r".*Function/Resource",
        "A newer runtime needs wheels for all packages of the layers, and a test run; it is adopted deliberately.",
    ),
    Suppression(
        r"AwsSolutions-SQS3",
        r".*ParkingQueue/Resource",
        "It is itself the end of the line, like a dead-letter queue: it has an alarm and no consumer.",
    ),
    Suppression(
        r"AwsSolutions-COG1",
        r"identity/UserPool/Resource",
        "Passwords need eight characters, both cases and a digit; a symbol would only make them harder to remember.",
    ),
    Suppression(r"AwsSolutions-COG2", r"identity/UserPool/Resource", "A required second factor would deter shoppers."),
    Suppression(r"AwsSolutions-COG8", r"identity/UserPool/Resource", "The plus plan is billed for each shopper."),
    Suppression(
        r"AwsSolutions-S1",
        r"catalog/Images/Resource",
        "Public images that are read through CloudFront, which can log requests.",
    ),
    Suppression(
        r"AwsSolutions-S10",
        r"catalog/Images/Resource",
        "The web stack has this bucket's policy, which refuses requests without TLS: it names the distribution.",
    ),
    Suppression(
        r"AwsSolutions-S1", r"web/Shop/Resource", "Public files of the frontend that are read through CloudFront only."
    ),
    Suppression(r"AwsSolutions-CFR1", r"web/Distribution/Resource", "The shop is open to all countries."),
    Suppression(
        r"AwsSolutions-CFR3",
        r"web/Distribution/Resource",
        "The API has an access log; the other paths are files that are the same for all visitors.",
    ),
    Suppression(
        r"AwsSolutions-CFR4",
        r"web/Distribution/Resource",
        "The certificate is CloudFront's own until the shop has a domain; with a domain, TLS 1.2 is the minimum.",
    ),
    Suppression(
        r"AwsSolutions-S1",
        r"search/Indexes/Resource",
        "Index files, which only functions read and which can be rebuilt from the catalog.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<Images\w+\.Arn>/images/(imported|uploaded)/\*\]",
        r"catalog/StaffApiRole/.*",
        "An import stores pictures below this prefix; which ones is known by their addresses only.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<Indexes\w+\.Arn>/\*\]",
        DEFAULT_POLICY,
        "The files of an index, whose names tantivy chooses.",
    ),
    Suppression(
        r"AwsSolutions-APIG4",
        r".*/Route .*/Resource",
        "Public routes, and the webhook, which Stripe signs; tests/infra/test_routes.py lists them.",
    ),
    Suppression(
        r"AwsSolutions-APIG4",
        r"chat/WebSocket/Api/.*-Route/Resource",
        "API Gateway authorizes a WebSocket once, on $connect; later messages belong to the connection's caller.",
    ),
    Suppression(
        r"AwsSolutions-APIG1",
        r"chat/WebSocket/Stage/Resource",
        "Access logs of a WebSocket API need a role of the whole account, which a stage cannot own; functions log.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::.*/ws/(POST|DELETE)/@connections/\*\]",
        DEFAULT_POLICY,
        "The ids of connections are not known at deployment.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<\w+\.Arn>/help/\*\]",
        r"chat/Knowledge/Reading/Resource",
        "The knowledge base reads all help documents, including future ones.",
    ),
    Suppression(
        r"AwsSolutions-S1",
        r"chat/Knowledge/Help/Resource",
        "Public documents that only the knowledge base reads.",
    ),
    Suppression(
        r"AwsSolutions-S1",
        r"identity/Exports/Resource",
        "Only identity's functions read and write the files; a log of requests would outlive them.",
    ),
    Suppression(
        r"AwsSolutions-S1",
        r"reporting/Files/Resource",
        "Only reporting's functions write the files, and staff reads them by links that the API logs.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<Files\w+\.Arn>/\*\]",
        r"reporting/.*Role/.*",
        "The files of reports, one folder a year.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<Exports\w+\.Arn>/\*\]",
        r"identity/(Api|StaffApi|Export)Role/.*",
        "The files of exports, whose names have ids.",
    ),
    Suppression(
        r"AwsSolutions-S1",
        r"invoices/Documents/Resource",
        "Only invoices' functions write the PDFs, and a link to one is valid for minutes.",
    ),
    Suppression(
        r"AwsSolutions-IAM5\[Resource::<Documents\w+\.Arn>/\*\]",
        r"invoices/(Api|Events)Role/.*",
        "The PDFs of invoices and credit notes, which are named by their numbers.",
    ),
    Suppression(
        r"AwsSolutions-SMG4",
        r"payment/StripeSecret/Resource",
        "Keys are rotated in Stripe's dashboard; a rotation function cannot do that.",
    ),
    Suppression(
        r"AwsSolutions-SMG4",
        r"(orders/LinkSecret|identity/UnsubscribeSecret)/Resource",
        "Another key makes the links of all mails invalid that were sent: it is replaced by hand, where it leaked.",
    ),
    Suppression(
        r"AwsSolutions-SF1", r"checkout/StateMachine/Resource", "Logs of all events would contain shoppers' addresses."
    ),
)
