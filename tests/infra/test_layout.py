"""Imports run one way, none is hidden from import-linter, and the README names files and definitions that exist."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ecom67.base.paths import ROOT

PACKAGES: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
BY_NAME = {
    # Every event class of `schemas/`, and every service's routes: the layers that they stand in allow both.
    "schemas/registry.py",
    "openapi/generation.py",
    # The module that an operator names on the command line.
    "ecom67/events/consumers.py",
}


def test_only_named_modules_import_by_name() -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if (isinstance(node, ast.Attribute | ast.Name) and _name(node) in {"import_module", "__import__"})
    }

    assert found == BY_NAME


def test_no_test_loads_the_cdk_while_it_is_collected() -> None:
    # It starts a process of Node.js that takes ten seconds of a processor, in each worker.
    loaded = [
        f"{file.relative_to(ROOT)}: {node.module}"
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ImportFrom) and re.match(r"aws_cdk|infra\.(stage$|stacks)", node.module or "")
        if node.module != "infra.stacks.checkout_workflow"  # has no CDK in it
    ]

    assert loaded == []


def test_every_service_that_consumes_events_is_known_to_a_replay() -> None:
    consumers = ast.parse((ROOT / "ecom67/events/consumers.py").read_text())
    imported = {node.module for node in ast.walk(consumers) if isinstance(node, ast.ImportFrom)}

    consuming = {f"services.{file.parent.name}.events" for file in (ROOT / "services").glob("*/events.py")}
    assert consuming
    assert consuming <= imported


def test_the_readme_names_definitions_that_exist() -> None:
    table = (ROOT / "README.md").read_text().partition("## Where is it?")[2].partition("\n## ")[0]
    named = re.findall(r"\]\(([^)]+\.py)\) `([A-Za-z_.]+)`", table)

    assert len(named) >= 7, table
    missing = [f"{file}: {name}" for file, name in named if name not in _definitions(ROOT / file)]
    assert missing == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "bus/README.md", "docs/architecture.md"])
def test_links_to_files_of_this_repository_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?![a-z]+:)([^)#]+)[^)]*\)", (ROOT / page).read_text())

    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("bus/outbox.py", "import services.cart.domain"),
        ("schemas/event.py", "import bus.context"),
        ("services/cart/domain.py", "import services.orders.domain"),
        ("services/cart/store.py", "import boto3"),
        ("infra/stage.py", "import ecom67.base.errors"),
        ("infra/stacks/cart.py", "import schemas.cart"),
        ("ecom67/deploy/aws.py", "import infra.stage"),
        ("ecom67/events/trace.py", "import services.orders.domain"),
        ("ecom67/base/errors.py", "import ecom67.local.lifecycle"),
        ("ecom67/local/lifecycle.py", "import ecom67.demo.show"),
    ],
)
def test_a_forbidden_import_is_refused(module: str, forbidden: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.svg", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{forbidden}\n")

    program = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
    assert forbidden.removeprefix("import ") in done.stdout


def _name(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _definitions(file: Path) -> set[str]:
    """Return what a module defines at its top, and its classes' methods as ``Class.method``."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{member.name}" for member in node.body if isinstance(member, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found
