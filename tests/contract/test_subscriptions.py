"""A rule sends a service exactly the events that its consumer handles."""

from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest

from bus.consumer import Consumer
from infra.constructs.paths import ROOT
from schemas.registry import event_classes
from tests.infra import synthesis
from tests.infra.synthesis import Shop, Template, reference

CONSUMING = sorted(path.parent.name for path in (ROOT / "services").glob("*/events.py"))
IMPORTED = {"ProductCreated", "ProductUpdated", "ProductDeleted", "StockChanged"}
"""What an import of the catalogue, and of its stock, puts by the thousand."""
NOBODY_WAITS_FOR = {"reporting"}
"""Its reports are a minute behind by design."""
Names = set[tuple[str, str]]


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Shop]:
    return synthesis.of_run(tmp_path_factory)


def consumers_of(service: str) -> dict[str, Consumer]:
    """Return the consumers of a service by their names in its module."""
    members = vars(import_module(f"services.{service}.events"))
    return {name: member for name, member in members.items() if isinstance(member, Consumer)}


def rules_into(template: Template, queue: str) -> Iterator[Names]:
    """Yield the sources and detail types that each rule sends into a queue."""
    for rule in template.of_type("AWS::Events::Rule").values():
        if queue in {reference(target["Arn"]) for target in rule["Properties"]["Targets"]}:
            assert f"ecom67{template.stage}busarn" in str(rule["Properties"]["EventBusName"])
            pattern = rule["Properties"]["EventPattern"]
            assert pattern.keys() == {"source", "detail-type"}
            yield {(source, detail_type) for source in pattern["source"] for detail_type in pattern["detail-type"]}


def rules_into_any(template: Template, queue: str) -> Iterator[set[str]]:
    """Yield the detail types that each rule sends into a queue, where it names them."""
    for rule in template.of_type("AWS::Events::Rule").values():
        if queue in {reference(target["Arn"]) for target in rule["Properties"]["Targets"]}:
            yield set(rule["Properties"]["EventPattern"].get("detail-type", []))


def queues_of(template: Template, module: str, attribute: str) -> set[str]:
    """Return the queues that wake the function with that handler."""
    handlers = {
        function.logical_id
        for function in template.functions()
        if (function.module, function.attribute) == (module, attribute)
    }
    assert len(handlers) == 1, f"{module}:{attribute} has no function of its own"
    return {
        str(reference(source["Properties"]["EventSourceArn"]))
        for source in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if reference(source["Properties"]["FunctionName"]) in handlers
    }


@pytest.mark.parametrize("name", synthesis.STAGES)
@pytest.mark.parametrize("service", CONSUMING)
def test_what_the_rule_names_is_what_the_consumer_handles(shops: Mapping[str, Shop], service: str, name: str) -> None:
    template = shops[name].templates[service]
    consumers = consumers_of(service)
    assert consumers

    for attribute, consumer in consumers.items():
        each = [
            sent
            for queue in queues_of(template, f"services.{service}.events", attribute)
            for sent in rules_into(template, queue)
        ]
        sent = set().union(*each)
        assert len(sent) == sum(map(len, each)), "an event of two rules is delivered twice"
        declared = {(event.source(), event.detail_type()) for event in event_classes()}
        # A rule names sources and types apart: only the pairs that are events can arrive.
        assert sent & declared == set(consumer.subscriptions)
        assert {source for source, _ in sent} == {source for source, _ in consumer.subscriptions}
        assert {detail_type for _, detail_type in sent} == {detail_type for _, detail_type in consumer.subscriptions}


def test_every_rule_of_a_service_feeds_a_consumer(shops: Mapping[str, Shop]) -> None:
    for service, template in shops["dev"].templates.items():
        subscribed = [
            rule for rule in template.of_type("AWS::Events::Rule").values() if "EventPattern" in rule["Properties"]
        ]
        fed = {
            reference(source["Properties"]["EventSourceArn"])
            for source in template.of_type("AWS::Lambda::EventSourceMapping").values()
        }
        assert bool(subscribed) == (service in CONSUMING or service == "bus"), service
        assert all(reference(target["Arn"]) in fed for rule in subscribed for target in rule["Properties"]["Targets"])


@pytest.mark.parametrize("name", synthesis.STAGES)
def test_what_a_shopper_waits_for_never_waits_behind_an_import(shops: Mapping[str, Shop], name: str) -> None:
    """An import of the catalogue puts thousands of events at once into each queue that takes them."""
    judged = 0
    for service, template in shops[name].templates.items():
        for queue in template.of_type("AWS::SQS::Queue"):
            sent = {detail_type for rule in rules_into_any(template, queue) for detail_type in rule}
            if service in NOBODY_WAITS_FOR or "OrderPlaced" not in sent:
                continue
            judged += 1
            assert not sent & IMPORTED, f"{service}: {queue} holds orders behind {sorted(sent & IMPORTED)}"
    assert judged >= 3


def test_a_consumer_is_named_after_its_service() -> None:
    for service in CONSUMING:
        assert {consumer.name for consumer in consumers_of(service).values()} == {service}


def test_the_journal_gets_every_event(shops: Mapping[str, Shop]) -> None:
    (rule,) = shops["dev"].templates["bus"].of_type("AWS::Events::Rule").values()

    # EventBridge sets version 0 on each event, whoever put it.
    assert rule["Properties"]["EventPattern"] == {"version": ["0"]}
