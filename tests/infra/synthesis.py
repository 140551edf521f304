"""The templates of all stages, synthesised once per test run, even if it has several processes."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from infra.constructs.paths import ROOT

STAGES = ("local", "dev", "prod")
DEPLOYED = ("dev", "prod")
"""The stages in AWS."""
NEW_ACCOUNT = "dev-new-account"
"""Folder of dev's templates for an account that may run few functions at once."""
NEW_ACCOUNT_CONCURRENCY = 10
"""What some new accounts start with; source: docs/scale.md."""

Resource = dict[str, Any]


def reference(value: object) -> str | None:
    """Return the logical id that a ``Ref`` or ``Fn::GetAtt`` names."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
    return None


@dataclass(frozen=True)
class Function:
    """A function as a template declares it."""

    stack: "Template"
    logical_id: str
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        """Return its name without the stage: ``cart-api``."""
        name: str = self.properties["FunctionName"]
        return name.removeprefix(f"ecom67-{self.stack.stage}-")

    @property
    def module(self) -> str:
        """Return the module of its handler."""
        handler: str = self.properties["Handler"]
        return handler.rpartition(".")[0]

    @property
    def attribute(self) -> str:
        """Return the name of its handler in the module."""
        handler: str = self.properties["Handler"]
        return handler.rpartition(".")[2]

    @property
    def environment(self) -> dict[str, Any]:
        """Return its variables; their values may be intrinsic functions."""
        variables: dict[str, Any] = self.properties["Environment"]["Variables"]
        return variables

    @property
    def asset(self) -> Path:
        """Return the folder of its package."""
        return self.stack.folder / f"asset.{self.properties['Code']['S3Key'].removesuffix('.zip')}"

    @property
    def dependencies(self) -> list[str]:
        """Return its dependency sets, by its layers."""
        layers = [self.stack.resources[str(reference(layer))] for layer in self.properties.get("Layers", [])]
        return [layer["Properties"]["Description"].removeprefix("e-com67: ").split()[0] for layer in layers]


@dataclass(frozen=True)
class Template:
    """The template of one stack of a stage."""

    stage: str
    folder: Path
    name: str

    @property
    def service(self) -> str:
        """Return the service whose stack it is."""
        return self.name.removeprefix(f"ecom67-{self.stage}-")

    @cached_property
    def body(self) -> dict[str, Any]:
        """The parsed template."""
        body: dict[str, Any] = json.loads(self.path.read_text())
        return body

    @property
    def path(self) -> Path:
        """The file of the template."""
        return self.folder / f"{self.name}.template.json"

    @property
    def resources(self) -> dict[str, Resource]:
        """Return its resources by logical id."""
        resources: dict[str, Resource] = self.body["Resources"]
        return resources

    def of_type(self, resource_type: str) -> dict[str, Resource]:
        """Return the resources of a type by logical id."""
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == resource_type}

    def functions(self) -> list[Function]:
        """Return its functions."""
        found = self.of_type("AWS::Lambda::Function")
        return [Function(self, name, resource["Properties"]) for name, resource in found.items()]

    def parameter_of(self, value: object) -> str | None:
        """Return the SSM path that a value is read from, None where it is not."""
        declared = self.body.get("Parameters", {}).get(reference(value) or "", {})
        return declared.get("Default") if declared.get("Type", "").startswith("AWS::SSM::Parameter::Value") else None

    def reads(self) -> set[str]:
        """Return the SSM paths that it reads, without the stage: ``bus/arn``."""
        paths = {
            parameter["Default"]
            for parameter in self.body.get("Parameters", {}).values()
            if parameter["Type"].startswith("AWS::SSM::Parameter::Value")
        }
        return {path.removeprefix(f"/ecom67/{self.stage}/") for path in paths if path.startswith("/ecom67/")}

    def publishes(self) -> set[str]:
        """Return the SSM paths that it writes, without the stage."""
        written = self.of_type("AWS::SSM::Parameter").values()
        return {resource["Properties"]["Name"].removeprefix(f"/ecom67/{self.stage}/") for resource in written}


@dataclass(frozen=True)
class Shop:
    """The templates of one stage."""

    stage: str
    folder: Path

    @cached_property
    def manifest(self) -> dict[str, dict[str, Any]]:
        """The artifact of each stack in the assembly, by the stack's name."""
        artifacts = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        return {name: found for name, found in artifacts.items() if found["type"] == "aws:cloudformation:stack"}

    @cached_property
    def templates(self) -> dict[str, Template]:
        """Return the templates by service, in the order of their deployment."""
        found = [Template(self.stage, self.folder, name) for name in self.manifest]
        return {template.service: template for template in found}

    def functions(self) -> Iterator[Function]:
        """Yield every function."""
        for template in self.templates.values():
            yield from template.functions()

    def of_type(self, resource_type: str) -> Iterator[tuple[Template, str, dict[str, Any]]]:
        """Yield the resources of a type: template, logical id, properties."""
        for template in self.templates.values():
            for name, resource in template.of_type(resource_type).items():
                yield template, name, resource.get("Properties", {})

    def depends_on(self, service: str) -> set[str]:
        """Return the services whose stacks are deployed before that of a service."""
        found = self.manifest[self.templates[service].name].get("dependencies", [])
        return {name.removeprefix(f"ecom67-{self.stage}-") for name in found if name in self.manifest}


def of_new_account(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return the templates of dev for a new account."""
    return Shop("dev", of_run(tmp_path_factory)["dev"].folder.parent / NEW_ACCOUNT)


def of_run(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Shop]:
    """Return the templates of each stage. The first process of the run synthesises them; the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "synthesised"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            log = folder / "log"
            with log.open("w") as output:
                done = subprocess.run(
                    [sys.executable, "-m", "tests.infra.synthesise", str(folder)],
                    cwd=ROOT,
                    # cfn-lint and cdk-nag judge the templates; the CDK's own validation only warns, in this log.
                    env={**os.environ, "CDK_VALIDATION": "false"},
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
            if not (folder / STAGES[-1] / "manifest.json").exists():
                pytest.fail(f"the synthesis failed ({done.returncode}):\n{log.read_text()[-5000:]}")
            (folder / "done").touch()
    return {stage: Shop(stage, folder / stage) for stage in STAGES}
