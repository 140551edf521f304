"""Functions: names, runtime, limits, roles, logs, packages and handlers."""

from collections.abc import Mapping
from importlib import import_module

from ecom67.local import deployment
from tests.infra.synthesis import Function, Shop, reference
from tests.personal_data import EXPORTED

API_SECONDS = 29
"""API Gateway's timeout of an integration is 30 seconds."""
SHOP_URL_PARAMETER = "ShopUrl"
LOG_DAYS = {"local": 1, "dev": 7, "prod": 90}


def role_of(function: Function) -> str:
    return str(reference(function.properties["Role"]))


def integrated(uri: object) -> str:
    """Return the logical id of an integration's function, which a WebSocket API names inside a URI."""
    match uri:
        case {"Fn::Join": [_, [*parts]]}:
            return next(name for part in parts if (name := reference(part)) and not name.startswith("AWS::"))
    return str(reference(uri))


def test_a_function_is_named_after_its_service(shop: Shop) -> None:
    names = [function.name for function in shop.functions()]

    assert len(names) == len(set(names))
    for function in shop.functions():
        assert function.name.startswith(f"{function.stack.service}-")
        assert len(f"ecom67-{shop.stage}-{function.name}") <= 64


def test_a_function_runs_on_the_shops_runtime(shop: Shop) -> None:
    for function in shop.functions():
        assert function.properties["Runtime"] == "python3.13", function.name
        assert function.properties["Architectures"] == ["arm64"], function.name


def test_mails_link_to_the_address_of_their_own_stage(shops: Mapping[str, Shop]) -> None:
    linked = {}
    for stage, shop in shops.items():
        (function,) = [function for function in shop.functions() if function.name == "notifications-email"]
        url = function.environment["SHOP_URL"]
        linked[stage] = function.stack.parameter_of(url) or url

    # A local stage chooses its port when it is started. `cdk deploy` would keep the old value of a parameter in AWS.
    assert linked == {
        "local": {"Ref": SHOP_URL_PARAMETER},
        "dev": "/ecom67/dev/web/shop-url",
        "prod": "/ecom67/prod/web/shop-url",
    }
    assert deployment.SHOP_URL == SHOP_URL_PARAMETER


def test_a_function_has_limits(shop: Shop) -> None:
    for function in shop.functions():
        assert 1 <= function.properties["Timeout"] <= 120, function.name
        assert 128 <= function.properties["MemorySize"] <= 1024, function.name


def test_a_function_that_handles_requests_ends_before_the_api_times_out(shop: Shop) -> None:
    for template, name, properties in shop.of_type("AWS::ApiGatewayV2::Integration"):
        function = template.resources[integrated(properties["IntegrationUri"])]
        assert function["Properties"]["Timeout"] <= API_SECONDS, name
        # The shared HTTP API is another stack's; a WebSocket API is its service's own.
        is_http = template.parameter_of(properties["ApiId"]) is not None
        assert properties.get("PayloadFormatVersion") == ("2.0" if is_http else None), name


def test_a_function_has_a_role_of_its_own(shop: Shop) -> None:
    roles = [(function.stack.service, role_of(function)) for function in shop.functions()]

    assert len(roles) == len(set(roles))
    for function in shop.functions():
        trust = function.stack.resources[role_of(function)]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert [statement["Principal"] for statement in trust] == [{"Service": "lambda.amazonaws.com"}]


def test_a_function_has_a_log_of_its_own_that_expires(shop: Shop) -> None:
    logs = set()
    for function in shop.functions():
        group = str(reference(function.properties["LoggingConfig"]["LogGroup"]))
        properties = function.stack.resources[group]["Properties"]
        assert properties["LogGroupName"] == f"/aws/lambda/{function.properties['FunctionName']}"
        assert properties["RetentionInDays"] == LOG_DAYS[shop.stage], function.name
        logs.add((function.stack.service, group))
    assert len(logs) == len(list(shop.functions()))


def test_a_function_cannot_create_its_log_group_again_after_its_stack_was_deleted(shop: Shop) -> None:
    for function in shop.functions():
        role = function.stack.resources[role_of(function)]
        assert "ManagedPolicyArns" not in role["Properties"], function.name
    assert "logs:CreateLogGroup" not in "".join(template.path.read_text() for template in shop.templates.values())


def test_every_log_expires(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::Logs::LogGroup"):
        assert properties.get("RetentionInDays") == LOG_DAYS[shop.stage], name


def test_a_function_is_traced_in_aws(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        for function in shop.functions():
            mode = function.properties.get("TracingConfig", {}).get("Mode")
            assert mode == (None if stage == "local" else "Active"), function.name


def test_a_function_has_its_packages_from_one_layer_in_aws_and_none_on_the_emulator(shops: Mapping[str, Shop]) -> None:
    for stage, shop in shops.items():
        for function in shop.functions():
            assert len(function.dependencies) == (0 if stage == "local" else 1), function.name


def test_only_functions_that_need_them_have_further_packages(shops: Mapping[str, Shop]) -> None:
    for function in shops["dev"].functions():
        named = {
            "bus-journal": "journal",
            "chat-authorizer": "tokens",
            "catalog-staff-api": "catalog",
            "notifications-events": "notifications",
            "notifications-email": "notifications",
            "invoices-events": "documents",
            # They judge addresses, or tell days at the warehouse.
            **dict.fromkeys(
                ("cart-delivery", "cart-quote-delivery", "cart-validate", "checkout-api", "identity-api"), "delivery"
            ),
            # It asks Stripe, as payment does.
            "operations-reconcile": "payment",
        }
        expected = named.get(function.name, "runtime")
        if function.stack.service in {"payment", "reporting", "search"} and function.module.startswith("services."):
            expected = function.stack.service
        if function.stack.service == "returns" and function.module.startswith("services."):
            expected = "documents"
        assert function.dependencies == [expected], function.name


def test_a_function_knows_its_stage_and_service(shop: Shop) -> None:
    for function in shop.functions():
        assert function.environment["STAGE"] == shop.stage
        assert function.environment["POWERTOOLS_SERVICE_NAME"] == function.stack.service


def test_every_handler_exists_and_is_callable(shops: Mapping[str, Shop]) -> None:
    for function in shops["dev"].functions():
        handler = getattr(import_module(function.module), function.attribute, None)
        assert callable(handler), f"{function.module}:{function.attribute}"


def test_only_failed_messages_are_delivered_again(shop: Shop) -> None:
    for _, name, properties in shop.of_type("AWS::Lambda::EventSourceMapping"):
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_every_export_command_is_one_that_identity_may_invoke(shop: Shop) -> None:
    joined = {
        service
        for service, template in shop.templates.items()
        if f"people/{service}/export-arn" in template.publishes()
    }

    assert {*EXPORTED.values()} - {"identity"} == joined
    # Identity may invoke functions of this name alone.
    assert {f"{service}-export" for service in joined} <= {function.name for function in shop.functions()}
