"""Contracts and templates are consistent; where they are not, the event catalog is not built."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.eventcatalog.catalog import EventCatalog
from ecom67.eventcatalog.flows import FLOWS, REACTIONS, events_of
from ecom67.eventcatalog.site import build
from ecom67.eventcatalog.topology import Topology
from tests.infra.synthesis import Shop

Json = dict[str, Any]
Change = Callable[[Json], None]


@pytest.fixture
def assembly(shop: Shop, tmp_path: Path) -> Path:
    """Return a folder of the templates of a stage that may be changed."""
    for template in shop.templates.values():
        shutil.copy(template.path, tmp_path)
    return tmp_path


def change(assembly: Path, shop: Shop, service: str, how: Change) -> None:
    path = assembly / shop.templates[service].path.name
    template = json.loads(path.read_text())
    how(template["Resources"])
    path.write_text(json.dumps(template))


def of_type(resources: Json, resource_type: str) -> Json:
    (found,) = (body["Properties"] for body in resources.values() if body["Type"] == resource_type)
    properties: Json = found
    return properties


def test_every_rule_names_events_that_there_are_and_every_event_is_heard_or_says_why_not(shop: Shop) -> None:
    assert EventCatalog(Topology(shop.folder, shop.stage)).inconsistencies() == []


def test_a_rule_that_names_an_event_which_no_contract_has_is_found(shop: Shop, assembly: Path) -> None:
    def name_another(resources: Json) -> None:
        of_type(resources, "AWS::Events::Rule")["EventPattern"]["detail-type"].append("OrderLost")

    change(assembly, shop, "orders", name_another)

    (inconsistency,) = EventCatalog(Topology(assembly, shop.stage)).inconsistencies()
    assert inconsistency == "rule ecom67-<stage>-orders-events names OrderLost, which no contract has"
    with pytest.raises(CliError, match="names OrderLost"):
        build(assembly, shop.stage, assembly / "out")


def test_an_event_that_nobody_hears_any_more_has_to_say_so(shop: Shop, assembly: Path) -> None:
    def forget(resources: Json) -> None:
        of_type(resources, "AWS::Events::Rule")["EventPattern"]["detail-type"].remove("StockShort")

    change(assembly, shop, "orders", forget)

    (inconsistency,) = EventCatalog(Topology(assembly, shop.stage)).inconsistencies()
    assert inconsistency.startswith("nobody subscribes to StockShort")


def test_an_event_that_says_it_is_unheard_and_is_heard_is_found(shop: Shop, assembly: Path) -> None:
    def hear(resources: Json) -> None:
        pattern = of_type(resources, "AWS::Events::Rule")["EventPattern"]
        pattern["detail-type"].append("UserRegistered")

    change(assembly, shop, "orders", hear)

    (inconsistency,) = EventCatalog(Topology(assembly, shop.stage)).inconsistencies()
    assert inconsistency == "UserRegistered has a no_subscriber_reason, and orders subscribes"


def test_a_service_that_may_not_publish_its_events_is_found(shop: Shop, assembly: Path) -> None:
    def forbid(resources: Json) -> None:
        for body in list(resources.values()):
            if body["Type"] == "AWS::IAM::Policy":
                for statement in body["Properties"]["PolicyDocument"]["Statement"]:
                    if statement["Action"] == "events:PutEvents":
                        statement["Action"] = "events:DescribeRule"

    change(assembly, shop, "payment", forbid)

    inconsistencies = EventCatalog(Topology(assembly, shop.stage)).inconsistencies()
    assert inconsistencies == [
        f"{name} is published by payment, which may not put events on the bus"
        for name in (
            *("PaymentFailed", "PaymentRefunded", "PaymentRefundedV2", "PaymentSucceeded"),
            *("RefundFailed", "RefundPending"),
        )
    ]


def test_a_filter_that_cannot_be_read_is_refused(shop: Shop, assembly: Path) -> None:
    def filter_otherwise(resources: Json) -> None:
        of_type(resources, "AWS::Events::Rule")["EventPattern"]["detail-type"] = [{"anything-but": "OrderPlaced"}]

    change(assembly, shop, "orders", filter_otherwise)

    with pytest.raises(ValueError, match="a filter that the catalogue cannot read"):
        EventCatalog(Topology(assembly, shop.stage)).inconsistencies()


def test_a_subscription_is_told_with_its_queue_its_dead_letters_and_its_function(shop: Shop) -> None:
    event = EventCatalog(Topology(shop.folder, shop.stage)).events["PaymentSucceeded"]

    (subscription,) = event.subscribers
    name = "ecom67-<stage>-checkout-events"
    assert (
        subscription.service,
        subscription.rule,
        subscription.queue,
        subscription.dead_letter_queue,
        subscription.function,
    ) == (
        "checkout",
        name,
        name,
        f"{name}-dlq",
        name,
    )
    assert len(event.publishing_functions) == 1


def test_the_journal_takes_every_event_and_is_no_subscriber_of_any(shop: Shop) -> None:
    topology = Topology(shop.folder, shop.stage)

    (journal,) = (one for one in topology.subscriptions if one.matches_all_events)
    assert journal.service == "bus"
    assert "bus" not in {one.service for one in topology.subscribers("ecom67.orders", "OrderPlaced")}


def test_a_reaction_is_of_a_service_that_gets_the_one_event_and_publishes_the_other(shop: Shop) -> None:
    catalog = EventCatalog(Topology(shop.folder, shop.stage))

    for (cause, service), raised in REACTIONS.items():
        assert service in {one.service for one in catalog.events[cause].subscribers}, (cause, service)
        assert {catalog.events[name].service for name in raised} == {service}


def test_a_purchase_goes_on_as_the_rules_say(shop: Shop) -> None:
    catalog = EventCatalog(Topology(shop.folder, shop.stage))
    (purchase,) = (flow for flow in FLOWS if flow.name == "purchase")

    placed = events_of(purchase, catalog)[-1]

    assert (placed.event, placed.publisher) == ("OrderPlaced", "orders")
    following = {reaction.service: [one.event for one in reaction.raises] for reaction in placed.reactions}
    assert following["cart"] == []
    assert following["inventory"] == ["StockChanged"]
    assert following["notifications"] == ["NotificationSent"]
