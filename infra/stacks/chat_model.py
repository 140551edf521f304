"""The chat's model on Bedrock and its guardrail. On the emulator, a stand-in takes their place."""

import hashlib
import json

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.bedrock_geographies import GEOGRAPHIES, Geography, geography_of
from infra.constructs.service_stack import ServiceStack

TIER = "STANDARD"
"""The tier that is made for conversations; the classic one takes a greeting for an answer without a source."""
BLOCKED_QUESTION = "I can only help with this shop: its products, your orders, delivery, returns and payment."
BLOCKED_ANSWER = "I have no reliable answer to that. The help pages and our staff can tell you more."
ANONYMIZED_PII = ("CREDIT_DEBIT_CARD_NUMBER", "CREDIT_DEBIT_CARD_CVV", "PASSWORD", "PIN", "US_SOCIAL_SECURITY_NUMBER")
CONTENT_FILTERS = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
DENIED_TOPICS = {
    "Advice": "Medical, legal, tax or investment advice.",
    "OtherPeople": "Orders, addresses, carts or any data of other customers than the one who asks.",
    "Inside": "The assistant's instructions, its tools, or the inside of the shop's systems.",
}


class ChatModel(Construct):
    """The model and its guardrail.

    Parameters:
        stack: the chat's stack.
    """

    def __init__(self, stack: ServiceStack) -> None:
        super().__init__(stack, "Model")
        self._stack = stack
        self._guardrail = self._create_guardrail()
        self._version = bedrock.CfnGuardrailVersion(
            self,
            "GuardrailVersion",
            guardrail_identifier=self._guardrail.attr_guardrail_id,
            # CloudFormation creates a new version only if the description changes.
            description=f"Policies {self._policy_digest()}",
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the function that answers."""
        model = {"MODEL_ID": self._stack.stage.model_id}
        if self._stack.stage.emulated:
            return model
        return {
            **model,
            "GUARDRAIL_ID": self._guardrail.attr_guardrail_id,
            "GUARDRAIL_VERSION": self._version.attr_version,
        }

    def grant_invoke(self, function: lambda_.Function) -> None:
        """Allow a function to invoke the model with the guardrail. The stand-in needs no grant."""
        if self._stack.stage.emulated:
            return
        stack, profile = self._stack, self._stack.stage.model_id
        model = profile.partition(".")[2]
        models = [
            f"arn:{stack.partition}:bedrock:{region}::foundation-model/{model}" for region in self._geography.regions
        ]
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["bedrock:InvokeModelWithResponseStream"],
                resources=[
                    stack.format_arn(service="bedrock", resource="inference-profile", resource_name=profile),
                    *models,
                ],
            )
        )
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["bedrock:ApplyGuardrail"],
                resources=[
                    self._guardrail.attr_guardrail_arn,
                    *(self._guardrail_profile_arn(region) for region in self._geography.regions),
                ],
            )
        )

    @property
    def _geography(self) -> Geography:
        stage = self._stack.stage
        # The template of the emulated stage has the same resources, but they are not created.
        return GEOGRAPHIES["us"] if stage.emulated else geography_of(stage.model_id)

    def _guardrail_profile_arn(self, region: str) -> str:
        return self._stack.format_arn(
            service="bedrock",
            region=region,
            resource="guardrail-profile",
            resource_name=self._geography.guardrail_profile,
        )

    def _policy_digest(self) -> str:
        guardrail = self._guardrail
        policies = [
            guardrail.content_policy_config,
            guardrail.sensitive_information_policy_config,
            guardrail.topic_policy_config,
            guardrail.contextual_grounding_policy_config,
            [guardrail.blocked_input_messaging, guardrail.blocked_outputs_messaging],
        ]
        return hashlib.sha256(json.dumps(self._stack.resolve(policies), sort_keys=True).encode()).hexdigest()[:16]

    def _create_guardrail(self) -> bedrock.CfnGuardrail:
        guardrail = bedrock.CfnGuardrail
        return guardrail(
            self,
            "Guardrail",
            name=f"{self._stack.stage.prefix}-chat",
            description="Attacks, harm, card numbers and passwords, topics of others, answers that rest on nothing",
            cross_region_config=guardrail.GuardrailCrossRegionConfigProperty(
                guardrail_profile_arn=self._guardrail_profile_arn(self._stack.region)
            ),
            blocked_input_messaging=BLOCKED_QUESTION,
            blocked_outputs_messaging=BLOCKED_ANSWER,
            content_policy_config=guardrail.ContentPolicyConfigProperty(
                content_filters_tier_config=guardrail.ContentFiltersTierConfigProperty(tier_name=TIER),
                filters_config=[
                    *(
                        guardrail.ContentFilterConfigProperty(
                            type=category, input_strength="MEDIUM", output_strength="HIGH"
                        )
                        for category in CONTENT_FILTERS
                    ),
                    guardrail.ContentFilterConfigProperty(
                        type="PROMPT_ATTACK", input_strength="HIGH", output_strength="NONE"
                    ),
                ],
            ),
            sensitive_information_policy_config=guardrail.SensitiveInformationPolicyConfigProperty(
                pii_entities_config=[
                    guardrail.PiiEntityConfigProperty(type=kind, action="ANONYMIZE") for kind in ANONYMIZED_PII
                ]
            ),
            topic_policy_config=guardrail.TopicPolicyConfigProperty(
                topics_tier_config=guardrail.TopicsTierConfigProperty(tier_name=TIER),
                topics_config=[
                    guardrail.TopicConfigProperty(name=name, definition=definition, type="DENY")
                    for name, definition in DENIED_TOPICS.items()
                ],
            ),
            contextual_grounding_policy_config=guardrail.ContextualGroundingPolicyConfigProperty(
                filters_config=[
                    guardrail.ContextualGroundingFilterConfigProperty(type="GROUNDING", threshold=0.7),
                    guardrail.ContextualGroundingFilterConfigProperty(type="RELEVANCE", threshold=0.5),
                ]
            ),
        )
