"""Lambda layers of third-party packages: one per dependency set."""

import hashlib

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.bytecode import runtime_compiler
from infra.constructs.layer_build import build_layer
from infra.constructs.paths import ROOT


def create_dependency_layer(scope: Construct, dependencies: str) -> lambda_.LayerVersion:
    """Create the layer of a dependency set.

    Parameters:
        scope: the stack.
        dependencies: the dependency set, which is the stem of a lock file in ``requirements/``.

    Raises subprocess.CalledProcessError if a package has no wheel for Lambda's platform.
    """
    layer = build_layer(ROOT / "requirements" / f"{dependencies}.txt", compiler=runtime_compiler())
    return lambda_.LayerVersion(
        scope,
        f"Dependencies{dependencies.capitalize()}",
        # Of what it is made of: bytecode need not be the same in every byte.
        code=lambda_.Code.from_asset(str(layer), asset_hash=hashlib.sha256(layer.name.encode()).hexdigest()),
        compatible_architectures=[lambda_.Architecture.ARM_64],
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
        description=f"e-com67: {dependencies} dependencies",
    )
