"""The geographies of Bedrock's cross-region inference: which regions a profile of a model or guardrail spans."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Geography:
    """A group of regions among which Bedrock routes requests.

    Attributes:
        regions: from which a profile is invoked, and in which it runs. A role needs a grant for each.
        guardrail_profile: id of the guardrail profile, which guardrails of the STANDARD tier need.
    """

    regions: tuple[str, ...]
    guardrail_profile: str


GEOGRAPHIES = {
    "us": Geography(("us-east-1", "us-east-2", "us-west-2"), "us.guardrail.v1:0"),
    "eu": Geography(
        ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"), "eu.guardrail.v1:0"
    ),
}
"""By the prefix of an inference profile's id. Source: Bedrock's user guide, "Supported Regions and models for inference
profiles" (Claude Haiku 4.5) and "Supported Regions for cross-Region guardrail inference"."""


def geography_of(model_id: str) -> Geography:
    """Return the geography of an inference profile.

    Parameters:
        model_id: id of the profile, such as ``eu.anthropic.claude-haiku-4-5-20251001-v1:0``.

    Raises ValueError for another prefix, and for a model id without one.
    """
    prefix = model_id.partition(".")[0]
    if prefix not in GEOGRAPHIES:
        raise ValueError(f"model_id {model_id} is no inference profile of {' or '.join(GEOGRAPHIES)}")
    return GEOGRAPHIES[prefix]
