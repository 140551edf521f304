"""The base of every stack: its stage, its service, and the SSM parameters by which stacks meet."""

from aws_cdk import Environment, Stack, Tags
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stage import Stage


class ServiceStack(Stack):
    """The stack of one service (or of a shared part, such as the bus) in one stage.

    Stacks never share CloudFormation exports: a service publishes values under
    ``/ecom67/<stage>/<service>/<name>`` and reads those of others there, so that each can be
    deployed and destroyed alone.

    Parameters:
        scope: the app.
        stage: the stage's settings.
        service: the service's name; the stack becomes ``ecom67-<stage>-<service>``.
        reads_from: stacks that publish what this one reads; they are deployed before it.
        env: account and region, where they are not the stage's.
    """

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        service: str,
        reads_from: "tuple[ServiceStack, ...]" = (),
        env: Environment | None = None,
    ) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-{service}",
            env=env or stage.env,
            description=f"e-com67 {service} ({stage.name})",
            termination_protection=stage.keeps_data,
        )
        self.stage = stage
        self.service = service
        for stack in reads_from:
            self.add_dependency(stack)
        Tags.of(self).add("project", "ecom67")
        Tags.of(self).add("stage", stage.name)
        Tags.of(self).add("service", service)

    def publish(self, name: str, value: str) -> None:
        """Publish a value for the other stacks."""
        ssm.StringParameter(
            self,
            f"Published{_pascal(name)}",
            parameter_name=self.stage.parameter(self.service, name),
            string_value=value,
        )

    def read(self, service: str, name: str) -> str:
        """Return the value that another service has published, as a token resolved at deployment."""
        return ssm.StringParameter.value_for_string_parameter(self, self.stage.parameter(service, name))


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
