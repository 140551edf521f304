"""The HTTP API under requests that schemathesis makes from its description, valid ones and broken ones of all kinds."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from ecom67.base.paths import ROOT
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.bench.conftest import Record
from tests.bench.report import Figure

DOCUMENT = ROOT / "openapi" / "openapi.json"
EXAMPLES = 40
"""Requests that are made up for each operation, beside those that cover its limits one by one."""
ENDS_THE_ACCOUNT = ("DELETE /api/me",)
"""All requests after it would be refused."""
WHO = ("a shopper", "staff", "a visitor")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the shop answered.

    Attributes:
        statuses: how often each status was answered.
        faults: method, path and body of each answer of 5xx that is the shop's.
    """

    statuses: Counter[int]
    faults: list[str]


def asked(stage: Connection, token: str | None, report: Path) -> Answers:
    """Have schemathesis ask the shop, and return what was answered.

    Parameters:
        stage: the running stage.
        token: of who asks; None for a visitor.
        report: where schemathesis writes all requests.
    """
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", str(DOCUMENT), "--url", stage.shop_url),
        *("--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES), "--no-shrink", "--generation-deterministic"),
        *("--checks", "not_a_server_error", "--continue-on-failure", "--workers", "2", "--request-timeout", "60"),
        *("--report", "har", "--report-har-path", str(report), "--warnings", "off", "--no-color"),
        *(("--header", f"Authorization: Bearer {token}") if token else ()),
        *(part for name in ENDS_THE_ACCOUNT for part in ("--exclude-name", name)),
    ]
    ran = subprocess.run(command, cwd=report.parent, capture_output=True, text=True, check=False)
    # 1: it found something, which is told from the report.
    assert ran.returncode in (0, 1), ran.stdout[-3000:] + ran.stderr[-3000:]
    entries = json.loads(report.read_text())["log"]["entries"]
    return Answers(
        Counter(entry["response"]["status"] for entry in entries),
        [told for entry in entries if (told := _fault(entry))],
    )


def _fault(entry: dict[str, Any]) -> str | None:
    """Return a request and its answer as text, if the answer is a 5xx of the shop's."""
    request, response = entry["request"], entry["response"]
    text = response["content"].get("text", "")
    # The laptop's web server says so of the emulator behind it.
    if response["status"] < HTTPStatus.INTERNAL_SERVER_ERROR or '"UNREACHABLE"' in text:
        return None
    body = request.get("postData", {}).get("text", "")[:200]
    return f"{request['method']} {request['url']} {body} → {response['status']} {text[:200]}"


@pytest.mark.parametrize("who", WHO)
def test_no_request_whatever_is_answered_with_a_fault_of_the_shop(
    stage: Connection, record: Record, tmp_path: Path, who: str
) -> None:
    tokens = {"a shopper": stage.token("tess@ecom67.example"), "staff": stage.token(STAFF, staff=True)}

    answers = asked(stage, tokens.get(who), tmp_path / "requests.har")

    assert answers.statuses.total() > EXAMPLES
    record(
        Figure(
            f"answers of 5xx to requests of {who}",
            len(answers.faults),
            "all answers",
            answers.statuses.total(),
            "",
            0,
        )
    )
    assert not answers.faults, "\n".join(answers.faults)
