"""A Lambda function of a service: one handler, one role, one log group, and only the code that it needs."""

from collections.abc import Iterable, Mapping

from aws_cdk import Annotations, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from infra.constructs.bytecode import MISSING, runtime_compiler
from infra.constructs.dependency_layer import create_dependency_layer
from infra.constructs.function_package import build_package, package_hash
from infra.constructs.service_stack import ServiceStack


class ServiceFunction(lambda_.Function):
    """A Lambda function of the stack's service.

    Parameters:
        stack: the service's stack.
        name: short name, such as ``api``; the function is named ``ecom67-<stage>-<service>-<name>``.
        handler: ``module:attribute``, such as ``services.cart.events:consumer``.
        environment: variables of the handler's settings class.
        timeout: of one invocation; 10 seconds by default.
        memory: in MiB.
        dependencies: the dependency set, which is the stem of a lock file in ``requirements/``.
        data: files or folders that the handler reads at run time, relative to the repository.
        recursive_loop: whether Lambda lets the function invoke itself by what it sends; by default it ends that.

    Raises ValueError if the handler's module does not exist.
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
        recursive_loop: lambda_.RecursiveLoop | None = None,
    ) -> None:
        stage = stack.stage
        module, _, attribute = handler.partition(":")
        # Third-party packages are compiled on the emulator's machine; ours alone would save a start some 20 ms.
        compiler = None if stage.emulated else runtime_compiler()
        if compiler is None and not stage.emulated:
            Annotations.of(stack).add_warning_v2("ecom67:no-bytecode", MISSING)
        package = build_package(module, data, compiler)
        title = "".join(part.capitalize() for part in name.split("-"))
        function_name = f"{stage.prefix}-{stack.service}-{name}"
        log_group = logs.LogGroup(
            stack,
            f"{title}Logs",
            log_group_name=f"/aws/lambda/{function_name}",
            retention=stage.log_retention,
            removal_policy=stage.removal_policy,
        )
        role = iam.Role(stack, f"{title}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        # Not AWSLambdaBasicExecutionRole, which may create log groups: a function that ends after its stack was
        # deleted would create its group again, which blocks the next deployment of the stack.
        log_group.grant_write(role)
        super().__init__(
            stack,
            f"{title}Function",
            function_name=function_name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{module}.{attribute}",
            code=lambda_.Code.from_asset(str(package), asset_hash=package_hash(package, compiler)),
            # The emulator runs functions on its own interpreter, where the packages are installed.
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
            log_group=log_group,
            role=role,
            recursive_loop=recursive_loop,
        )

    def allow_invoking(self, function_arns: Iterable[str]) -> None:
        """Allow this function to invoke others, which other stacks may own.

        Parameters:
            function_arns: ARNs of the functions.
        """
        self.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(function_arns)))


def _layer(stack: ServiceStack, dependencies: str) -> lambda_.ILayerVersion:
    existing = stack.node.try_find_child(f"Dependencies{dependencies.capitalize()}")
    return existing if isinstance(existing, lambda_.LayerVersion) else create_dependency_layer(stack, dependencies)
