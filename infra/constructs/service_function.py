"""A function of a service: one handler, one role, one log group, and only the code that it needs."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from infra.constructs.dependency_layer import dependency_layer
from infra.constructs.function_package import staged
from infra.constructs.service_stack import ServiceStack


class ServiceFunction(lambda_.Function):
    """A Lambda function of the stack's service.

    Parameters:
        stack: the service's stack.
        name: short name, such as ``api``; the function becomes ``ecom67-<stage>-<service>-<name>``.
        handler: ``module:attribute``, such as ``services.cart.events:consumer``.
        environment: variables of its settings class.
        timeout: how long one invocation may take.
        memory: MiB.
        dependencies: its dependency set, the stem of a lock file in ``requirements/``.
        data: files or folders that the handler reads at run time, relative to the repository.
    """

    def __init__(
        self,
        stack: ServiceStack,
        name: str,
        *,
        handler: str,
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        memory: int = 512,
        dependencies: str = "runtime",
        data: tuple[str, ...] = (),
    ) -> None:
        stage = stack.stage
        module, _, attribute = handler.partition(":")
        title = "".join(part.capitalize() for part in name.split("-"))
        function_name = f"{stage.prefix}-{stack.service}-{name}"
        super().__init__(
            stack,
            f"{title}Function",
            function_name=function_name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{module}.{attribute}",
            code=lambda_.Code.from_asset(str(staged(module, data))),
            # The emulator runs functions on its own interpreter, which has the packages already.
            layers=[] if stage.emulated else [_layer(stack, dependencies)],
            environment={
                "POWERTOOLS_SERVICE_NAME": stack.service,
                "POWERTOOLS_LOG_LEVEL": "INFO",
                "STAGE": stage.name,
                **(environment or {}),
            },
            timeout=timeout or Duration.seconds(10),
            memory_size=memory,
            tracing=lambda_.Tracing.DISABLED if stage.emulated else lambda_.Tracing.ACTIVE,
            log_group=logs.LogGroup(
                stack,
                f"{title}Logs",
                log_group_name=f"/aws/lambda/{function_name}",
                retention=stage.log_retention,
                removal_policy=stage.removal_policy,
            ),
        )


def _layer(stack: ServiceStack, dependencies: str) -> lambda_.ILayerVersion:
    existing = stack.node.try_find_child(f"Dependencies{dependencies.capitalize()}")
    return existing if isinstance(existing, lambda_.LayerVersion) else dependency_layer(stack, dependencies)
