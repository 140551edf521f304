"""The base class of all stacks: one service in one stage, and the SSM parameters through which stacks share values."""

from aws_cdk import Environment, Stack, Tags
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.stage import Stage

PEOPLE = "people"
"""The path below a stage's that identity lists, and of which it may read nothing else."""
COMMANDS_ABOUT_PEOPLE = ("export-arn", "unsent-orders-arn")
"""What a service publishes there: identity is deployed before the others, and finds their commands by these names."""


class ServiceStack(Stack):
    """The stack of one service, or of a shared part such as the bus, in one stage.

    Stacks share no CloudFormation exports. A stack publishes values as SSM parameters
    ``/ecom67/<stage>/<service>/<name>`` and reads those of other stacks, so each stack can be deployed and deleted
    on its own.

    Parameters:
        scope: the app.
        stage: settings of the stage.
        service: name of the service; the stack is named ``ecom67-<stage>-<service>``.
        depends_on: stacks whose parameters this one reads; they are deployed before it.
        env: account and region if they differ from the stage's.

    Attributes:
        dead_letter_queues: names, without the stage's prefix, of those that its queues have.
    """

    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        service: str,
        depends_on: "tuple[ServiceStack, ...]" = (),
        env: Environment | None = None,
    ) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-{service}",
            env=env or stage.env,
            description=f"e-com67 {service} ({stage.name})",
            termination_protection=stage.retain_data,
        )
        self.stage = stage
        self.service = service
        self.dead_letter_queues: list[str] = []
        for stack in depends_on:
            self.add_dependency(stack)
        Tags.of(self).add("project", "ecom67")
        Tags.of(self).add("stage", stage.name)
        Tags.of(self).add("service", service)

    def publish_parameter(self, name: str, value: str) -> None:
        """Publish a value to the other stacks.

        Parameters:
            name: of the parameter below the service's path, such as ``api-id``.
            value: the value, which may be a token.
        """
        path = f"{PEOPLE}/{self.service}" if name in COMMANDS_ABOUT_PEOPLE else self.service
        ssm.StringParameter(
            self,
            f"Published{_pascal_case(name)}",
            parameter_name=self.stage.parameter_name(path, name),
            string_value=value,
        )

    def read_parameter(self, service: str, name: str) -> str:
        """Return the value that another stack publishes, as a token that is resolved at deployment.

        Parameters:
            service: whose stack publishes it; it has to be among ``depends_on``.
            name: of the parameter below that service's path.
        """
        return ssm.StringParameter.value_for_string_parameter(self, self.stage.parameter_name(service, name))


def _pascal_case(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
