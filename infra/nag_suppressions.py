"""What cdk-nag's AwsSolutions rules find in the shop and we leave as it is, each with its reason.

The gate fails at a finding that is not here, and at an entry that nothing needs any more.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that stays.

    Attributes:
        rule: pattern of the rule's name, with what it names in brackets.
        construct: pattern of the construct's path below the stage, such as ``catalog/Images/Resource``.
        reason: why it stays.
    """

    rule: str
    construct: str
    reason: str

    def covers(self, rule: str, construct: str) -> bool:
        """Say whether this is about that finding."""
        return bool(re.fullmatch(self.rule, rule) and re.fullmatch(self.construct, construct))


POLICY = r".*/DefaultPolicy/Resource"

ACCEPTED = (
    Accepted(
        r"AwsSolutions-IAM4\[Policy::.*AWSLambdaBasicExecutionRole\]",
        r".*/ServiceRole/Resource",
        "Grants nothing but writing the function's log, which a policy of our own would spell the same.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::\*\]",
        POLICY,
        "X-Ray, ListStreams and log delivery know no resource. tests/infra/test_grants.py holds it to these.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::<\w+Table\w+\.Arn>/index/\*\]", POLICY, "The indexes of a table of its own."
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::arn:.*:parameter/ecom67/prod/\*\]",
        r"identity/ApiFunction/.*",
        "An export asks every service that published a command for it, also those that come later.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::arn:.*:function:ecom67-prod-\*-export\]",
        r"identity/ApiFunction/.*",
        "The commands that it found so, and no other function.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::arn:.*:identity/\*\]",
        r"notifications/EmailFunction/.*",
        "SES's sandbox checks the recipient's identity too; a condition fixes the sender.",
    ),
    Accepted(
        r"AwsSolutions-L1",
        r".*Function/Resource",
        "A newer runtime is taken by a change, once all wheels of the layers exist for it and it is tested.",
    ),
    Accepted(
        r"AwsSolutions-SQS3",
        r".*ParkingQueue/Resource",
        "It holds what an operator has to look at and has an alarm, as a dead-letter queue does: nobody consumes it.",
    ),
    Accepted(
        r"AwsSolutions-COG1",
        r"identity/UserPool/Resource",
        "Eight characters with both cases and a digit; a required symbol makes a password harder to remember only.",
    ),
    Accepted(r"AwsSolutions-COG2", r"identity/UserPool/Resource", "A second factor would cost a shop its shoppers."),
    Accepted(r"AwsSolutions-COG8", r"identity/UserPool/Resource", "The plus plan is billed for every shopper."),
    Accepted(
        r"AwsSolutions-S1",
        r"catalog/Images/Resource",
        "Public pictures, read through CloudFront, which can log who asks for them.",
    ),
    Accepted(
        r"AwsSolutions-S1", r"web/Shop/Resource", "The shop's files are public, and read through CloudFront alone."
    ),
    Accepted(r"AwsSolutions-CFR1", r"web/Distribution/Resource", "The shop is open to all countries."),
    Accepted(
        r"AwsSolutions-CFR3",
        r"web/Distribution/Resource",
        "The API logs its own access; the rest are files that are the same for everybody.",
    ),
    Accepted(
        r"AwsSolutions-CFR4",
        r"web/Distribution/Resource",
        "CloudFront's own certificate, until the shop has a domain: with one, TLS 1.2 is the least that is taken.",
    ),
    Accepted(
        r"AwsSolutions-S1",
        r"search/Indexes/Resource",
        "Holds what can be built anew from the catalog, for functions alone.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::<Indexes\w+\.Arn>/\*\]",
        POLICY,
        "The files of an index: their names are tantivy's.",
    ),
    Accepted(
        r"AwsSolutions-APIG4",
        r".*/Route .*/Resource",
        "Open on purpose: what a visitor sees, and the webhook that Stripe signs; tests/infra/test_routes.py lists it.",
    ),
    Accepted(
        r"AwsSolutions-APIG4",
        r"chat/WebSocket/Api/.*-Route/Resource",
        "API Gateway asks the authorizer once, when a connection is opened; what comes over it belongs to its caller.",
    ),
    Accepted(
        r"AwsSolutions-APIG1",
        r"chat/WebSocket/Stage/Resource",
        "API Gateway logs a WebSocket only with a role of the whole account, not of a stage; functions log instead.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::.*/ws/POST/@connections/\*\]",
        POLICY,
        "Connections come and go; their ids cannot be named beforehand.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::<\w+\.Arn>/help/\*\]",
        r"chat/Knowledge/Reading/Resource",
        "The knowledge base reads all help documents, whichever are put there.",
    ),
    Accepted(
        r"AwsSolutions-S1",
        r"chat/Knowledge/Help/Resource",
        "Documents that every shopper may read; only the knowledge base asks for them.",
    ),
    Accepted(
        r"AwsSolutions-SMG4",
        r"payment/StripeSecret/Resource",
        "Keys are rolled in Stripe's dashboard, which no rotation function can do.",
    ),
    Accepted(r"AwsSolutions-SF1", r"checkout/StateMachine/Resource", "All events would hold the shoppers' addresses."),
)
