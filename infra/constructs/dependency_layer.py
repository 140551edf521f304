"""Lambda layers of third-party packages: one per dependency set."""

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.layer_build import build_layer
from infra.constructs.paths import ROOT


def create_dependency_layer(scope: Construct, dependencies: str) -> lambda_.LayerVersion:
    """Create the layer of a dependency set.

    Parameters:
        scope: the stack.
        dependencies: the dependency set, which is the stem of a lock file in ``requirements/``.

    Raises subprocess.CalledProcessError if a package has no wheel for Lambda's platform.
    """
    return lambda_.LayerVersion(
        scope,
        f"Dependencies{dependencies.capitalize()}",
        code=lambda_.Code.from_asset(str(build_layer(ROOT / "requirements" / f"{dependencies}.txt"))),
        compatible_architectures=[lambda_.Architecture.ARM_64],
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        description=f"e-com67: {dependencies} dependencies",
    )
