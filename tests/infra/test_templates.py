"""What the templates of AWS promise: valid, encrypted, recoverable, and nobody allowed everything."""

import subprocess
import sys
from pathlib import Path

from infra.constructs.asset import ROOT
from tests.infra.synthesis import Shop


def test_cfn_lint_finds_nothing(deployed: Shop) -> None:
    files = sorted(str(template.path) for template in deployed.templates.values())

    run = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout


def test_tables_are_on_demand_encrypted_and_recoverable(deployed: Shop) -> None:
    tables = [
        table["Properties"]
        for template in deployed.templates.values()
        for table in template.of_type("AWS::DynamoDB::Table").values()
    ]
    assert len(tables) > 5
    for table in tables:
        assert table["BillingMode"] == "PAY_PER_REQUEST", table
        assert table["SSESpecification"] == {"SSEEnabled": True}, table
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, table


def test_queues_are_encrypted(deployed: Shop) -> None:
    for template in deployed.templates.values():
        for name, queue in template.of_type("AWS::SQS::Queue").items():
            assert queue["Properties"].get("SqsManagedSseEnabled") is True, name


def test_no_policy_allows_everything(deployed: Shop) -> None:
    for template in deployed.templates.values():
        for name, policy in template.of_type("AWS::IAM::Policy").items():
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not any(action == "*" or action.endswith(":*") for action in actions), (name, actions)
