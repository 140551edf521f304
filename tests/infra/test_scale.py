"""Concurrency: the queues leave half of the account's to who waits, and no order is lost where it is scarce."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from infra.stage_settings import read_settings
from tests.infra.synthesis import Shop, reference

if TYPE_CHECKING:
    from infra.stage import Stage


def queue_mappings(shop: Shop) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the event sources that are queues."""
    for template, name, properties in shop.of_type("AWS::Lambda::EventSourceMapping"):
        source = template.resources.get(str(reference(properties["EventSourceArn"])), {})
        if source.get("Type") == "AWS::SQS::Queue":
            yield f"{template.service} {name}", properties


def stage_with(executions: int) -> "Stage":
    # Imported late: the CDK loads for seconds.
    from dataclasses import replace

    from infra.stage import get_stage

    return replace(get_stage("dev"), lambda_concurrency=executions)


def test_every_queue_has_a_limit_of_concurrent_invocations(shop: Shop) -> None:
    mappings = dict(queue_mappings(shop))

    assert len(mappings) > 8
    for name, properties in mappings.items():
        assert 2 <= properties["ScalingConfig"]["MaximumConcurrency"] <= 20, name


def test_all_queues_together_leave_half_of_the_accounts_concurrency(deployed: Shop) -> None:
    taken = sum(properties["ScalingConfig"]["MaximumConcurrency"] for _, properties in queue_mappings(deployed))

    assert taken <= read_settings(deployed.stage).lambda_concurrency / 2


def test_the_shares_are_computed_for_as_many_queues_as_there_are(shop: Shop) -> None:
    from infra.stage import QUEUES_WITH_CONSUMER

    assert len(dict(queue_mappings(shop))) <= QUEUES_WITH_CONSUMER


@pytest.mark.parametrize(
    ("executions", "of_a_queue", "deliveries"),
    [(10, 2, 50), (79, 2, 50), (80, 2, 5), (200, 5, 5), (1000, 20, 5), (10_000, 20, 5)],
)
def test_where_deliveries_are_throttled_they_do_not_use_up_the_five(
    executions: int, of_a_queue: int, deliveries: int
) -> None:
    stage = stage_with(executions)

    assert (stage.queue_concurrency, stage.max_receive_count) == (of_a_queue, deliveries)


def test_no_function_reserves_what_a_small_account_does_not_have(deployed: Shop) -> None:
    """An account has to keep a hundred unreserved; the deployment would fail in one that has not more."""
    for function in deployed.functions():
        assert "ReservedConcurrentExecutions" not in function.properties, function.name
