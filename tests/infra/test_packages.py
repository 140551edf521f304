"""The package of a function has what its handler imports, and nothing else."""

import ast
import hashlib
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.constructs import function_package
from infra.constructs.paths import ROOT
from tests.infra.synthesis import Function, Shop

DATA: dict[str, str | tuple[str, ...]] = {
    "bus-journal": "schemas/json/",
    "notifications-email": "services/notifications/templates/",
    "invoices-events": ("content/legal/imprint.md", "documents/fonts/"),
    "returns-slips": ("content/legal/imprint.md", "documents/fonts/"),
    **dict.fromkeys(
        (*("cart-abandonment", "cart-api", "cart-change", "cart-export"),),
        "content/delivery.toml",
    ),
    **dict.fromkeys(
        ("cart-delivery", "cart-quote-delivery", "cart-validate"), ("content/delivery.toml", "content/tax.toml")
    ),
    **dict.fromkeys(
        ("search-api", "search-find", "search-indexer", "search-maintenance"), "services/search/synonyms.txt"
    ),
}
"""Prefix of the files that functions read at run time."""


@pytest.fixture
def functions(shops: Mapping[str, Shop]) -> list[Function]:
    return list(shops["local"].functions())


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def digests(modules: set[str]) -> dict[str, str]:
    """Return a digest of the package of each handler's module."""
    found = {}
    for module in modules:
        folder = function_package.build_package(module)
        digest = hashlib.sha256()
        for name in sorted(files_of(folder)):
            digest.update(f"{name}\0".encode() + (folder / name).read_bytes())
        found[module] = digest.hexdigest()
    return found


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the sources, from which packages are built."""
    for package in function_package.PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("infra.constructs.function_package.ROOT", tmp_path)
    return tmp_path


def touch(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        path.write_text(path.read_text() + "\n# changed\n")


def test_a_package_holds_its_own_service_and_no_other(functions: list[Function]) -> None:
    for function in functions:
        services = {name.split("/")[1] for name in files_of(function.asset) if name.startswith("services/")}
        assert services <= {"__init__.py", function.stack.service}, function.name


def test_a_package_holds_the_modules_that_its_handler_needs_and_its_data(functions: list[Function]) -> None:
    for function in functions:
        code = {name for name in files_of(function.asset) if name.endswith(".py")}
        rest = files_of(function.asset) - code

        modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in code}
        assert modules == set(function_package.required_modules(function.module)), function.name
        assert all(name.startswith(DATA.get(function.name, "-")) for name in rest), function.name


def test_the_relay_has_no_code_of_a_service(functions: list[Function]) -> None:
    relays = {function.asset.name for function in functions if function.module == "bus.relay"}

    assert len(relays) == 1
    (relay,) = {function.asset for function in functions if function.module == "bus.relay"}
    assert not [name for name in files_of(relay) if name.startswith("services/")]


def test_a_change_in_one_service_changes_the_packages_of_no_other(functions: list[Function], copy: Path) -> None:
    owner = {function.module: function.stack.service for function in functions if function.module != "bus.relay"}
    before = digests(set(owner))

    for service in sorted({path.name for path in (copy / "services").iterdir() if path.is_dir()} & set(owner.values())):
        touch(copy / "services" / service)
        after = digests(set(owner))
        changed = {module for module in owner if before[module] != after[module]}
        assert changed == {module for module in owner if owner[module] == service}
        before = after


def test_a_change_in_the_library_changes_only_the_packages_that_use_it(functions: list[Function], copy: Path) -> None:
    modules = {function.module for function in functions}
    before = digests(modules)

    (copy / "bus" / "inbox.py").write_text("# changed\n")

    after = digests(modules)
    changed = {module for module in modules if before[module] != after[module]}
    assert changed == {module for module in modules if "bus.inbox" in function_package.required_modules(module)}
    assert "bus.relay" not in changed


def test_a_package_is_reproducible(functions: list[Function]) -> None:
    modules = {function.module for function in functions}

    assert digests(modules) == digests(modules)


def test_a_missing_handler_is_named() -> None:
    with pytest.raises(ValueError, match=r"services\.orders\.nothing"):
        function_package.build_package("services.orders.nothing")


def imported_at_once(module: str) -> set[str]:
    """Return the dotted names that a module imports when it is loaded, not within a function or for types only."""
    names: set[str] = set()
    waiting: list[ast.stmt] = list(ast.parse(function_package._source_file(module).read_text()).body)
    while waiting:
        match waiting.pop():
            case ast.Import(names=imported):
                names |= {each.name for each in imported}
            case ast.ImportFrom(module=str(source), level=0, names=imported):
                names |= {source, *(f"{source}.{each.name}" for each in imported)}
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                waiting += otherwise
            case ast.If(body=body, orelse=otherwise) | ast.Try(body=body, orelse=otherwise):
                waiting += [*body, *otherwise]
    return names


def loaded_at_start(module: str) -> set[str]:
    """Return all names that are imported when a handler's module is loaded, by itself and by what it imports."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        current = waiting.pop()
        new = imported_at_once(current) - found
        found |= new
        ours = {name for name in new if name.partition(".")[0] in function_package.PACKAGES}
        waiting |= {name for name in ours if function_package._source_file(name).exists()}
    return found


def normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


def test_what_a_function_imports_when_it_starts_is_in_its_layer(shops: Mapping[str, Shop]) -> None:
    distributions = packages_distributions()
    elsewhere = sys.stdlib_module_names | set(function_package.PACKAGES) | {"boto3", "botocore", "urllib3"}
    for function in shops["dev"].functions():
        (dependencies,) = function.dependencies
        lock = (ROOT / "requirements" / f"{dependencies}.txt").read_text()
        locked = {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
        foreign = {name.partition(".")[0] for name in loaded_at_start(function.module)} - elsewhere
        missing = {name for name in foreign if not locked & set(map(normal, distributions.get(name, [name])))}
        assert not missing, f"{function.name} imports {missing}, and its layer is {dependencies}"
