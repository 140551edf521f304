"""The command line, which does not import the stacks, builds the same names as they do."""

from ecom67.base.stage_names import AWS_STAGES, LOCAL, parameter_name, stack_name, stripe_secret_name
from ecom67.deploy import aws, prerequisites
from infra.stage_settings import read_settings
from tests.infra.synthesis import Shop


def test_the_command_line_knows_the_stages() -> None:
    from infra.stage import STAGES

    assert {LOCAL, *AWS_STAGES} == STAGES.keys()


def test_stacks_parameters_and_secret_have_the_names_that_the_command_line_builds(shop: Shop) -> None:
    for service, template in shop.templates.items():
        assert template.name == stack_name(shop.stage, service)
    (secret,) = shop.templates["payment"].of_type("AWS::SecretsManager::Secret").values()
    assert secret["Properties"]["Name"] == stripe_secret_name(shop.stage)
    catalog = shop.templates["catalog"].of_type("AWS::SSM::Parameter").values()
    assert parameter_name(shop.stage, "catalog", "image-bucket") in {found["Properties"]["Name"] for found in catalog}


def test_a_deployment_passes_the_firewall_to_the_web_stack(deployed: Shop) -> None:
    service = aws.firewall_service(read_settings(deployed.stage).region)
    firewall, web = deployed.templates[service], deployed.templates["web"]

    assert f"{service}/{aws.WEB_ACL_ARN}" in firewall.publishes()
    assert deployed.manifest[firewall.name]["environment"].endswith(f"/{prerequisites.FIREWALL_REGION}")
    assert web.body["Parameters"][aws.WEB_ACL]["Type"] == "String"
