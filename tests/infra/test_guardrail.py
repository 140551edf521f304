"""The guardrail: its tier, its geography, and a new version for changed policies."""

from typing import Any

import pytest

from infra.bedrock_geographies import geography_of
from tests.infra.synthesis import Shop


def only(shop: Shop, resource_type: str) -> dict[str, Any]:
    (found,) = shop.templates["chat"].of_type(resource_type).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def version_description() -> str:
    from aws_cdk import App

    from infra.constructs.service_stack import ServiceStack
    from infra.stacks.chat_model import ChatModel
    from infra.stage import DEV

    app = App()
    stack = ServiceStack(app, DEV, "chat")
    ChatModel(stack)
    resources = app.synth().get_stack_by_name(stack.stack_name).template["Resources"].values()
    (version,) = (found for found in resources if found["Type"] == "AWS::Bedrock::GuardrailVersion")
    return str(version["Properties"]["Description"])


def test_the_guardrail_has_the_tier_for_conversations(deployed: Shop) -> None:
    guardrail = only(deployed, "AWS::Bedrock::Guardrail")

    assert guardrail["ContentPolicyConfig"]["ContentFiltersTierConfig"] == {"TierName": "STANDARD"}
    assert guardrail["TopicPolicyConfig"]["TopicsTierConfig"] == {"TierName": "STANDARD"}
    # The tier needs cross-region inference.
    assert "guardrail-profile/us.guardrail.v1:0" in str(guardrail["CrossRegionConfig"]["GuardrailProfileArn"])


def test_the_function_that_answers_may_use_model_and_guardrail_in_each_region_of_the_geography(deployed: Shop) -> None:
    from infra.stage import DEV

    text = deployed.templates["chat"].path.read_text()

    for region in geography_of(DEV.model_id).regions:
        assert f":bedrock:{region}::foundation-model/" in text
        assert f":bedrock:{region}:" in text


def test_changed_policies_make_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_description()
    assert version_description() == before

    monkeypatch.setattr("infra.stacks.chat_model.DENIED_TOPICS", {"Weather": "Forecasts."})

    assert version_description() != before


def test_a_model_without_a_known_geography_is_refused() -> None:
    with pytest.raises(ValueError, match="no inference profile of us or eu"):
        geography_of("anthropic.claude-haiku-4-5-20251001-v1:0")
