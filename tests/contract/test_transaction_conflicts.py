"""Whoever writes in a transaction repeats it after a conflict, and nobody notices one."""

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLERS = (
    "catalog/test_pictures.py",
    "catalog/test_product_ids.py",
    "identity/test_api.py",
    "identity/test_exports.py",
    "invoices/test_events.py",
    "orders/test_api.py",
    "orders/test_erasure.py",
    "orders/test_events.py",
    "orders/test_indexing.py",
    "chat/test_tables.py",
    "checkout/test_sweeper.py",
    "inventory/test_staff_stock.py",
    "returns/test_api.py",
    "returns/test_events.py",
    "returns/test_settlement.py",
    "cart/test_api.py",
    "cart/test_events.py",
)
"""Unit tests of those who write: of handlers and services, not of stores, which say that there was a conflict."""


def transactions() -> set[str]:
    """Return each place in the services that writes in a transaction: file and line."""
    return {
        f"{file.relative_to(ROOT).as_posix()}:{node.lineno}"
        for file in (ROOT / "services").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "transact_write_items"
    }


def test_every_transaction_that_meets_a_conflict_is_repeated_by_its_caller(tmp_path: Path) -> None:
    met = tmp_path / "met"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    tests = [f"tests/unit/{name}" for name in CALLERS]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.transaction_conflicts", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env={**environment, "TRANSACTION_CONFLICTS": str(met)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-4000:]
    places = transactions()
    assert len(places) > 10
    assert set(met.read_text().split()) == places
