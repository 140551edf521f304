"""Search on OpenSearch: an encrypted domain of the smallest sufficient size, with least privilege."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.synthesis import DEPLOYED, Shop, Template

Templates = Mapping[str, Template]


@pytest.fixture
def templates(shops: Mapping[str, Shop]) -> Templates:
    """Return search's template with a domain, of each stage in AWS."""
    folder = shops["dev"].folder.parent
    return {name: Template(name, folder / f"{name}-opensearch", f"ecom67-{name}-search") for name in DEPLOYED}


def domain_of(template: Template) -> dict[str, Any]:
    (domain,) = template.of_type("AWS::OpenSearchService::Domain").values()
    return domain


def granted(template: Template, role: str) -> dict[str, set[str]]:
    """Return the HTTP methods that a role may use, by path of the domain."""
    found: dict[str, set[str]] = {}
    for name, policy in template.of_type("AWS::IAM::Policy").items():
        if name.startswith(role):
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                resources = (
                    statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                )
                if actions[0].startswith("es:"):
                    for resource in resources:
                        path = resource["Fn::Join"][1][-1]
                        found[path] = {action.removeprefix("es:ESHttp") for action in actions}
    return found


def test_a_domain_is_encrypted_and_reached_over_tls_only(templates: Templates) -> None:
    for template in templates.values():
        properties = domain_of(template)["Properties"]
        assert properties["EncryptionAtRestOptions"] == {"Enabled": True}
        assert properties["NodeToNodeEncryptionOptions"] == {"Enabled": True}
        assert properties["DomainEndpointOptions"]["EnforceHTTPS"] is True
        assert properties["DomainEndpointOptions"]["TLSSecurityPolicy"].startswith("Policy-Min-TLS-1-2")
        assert properties["EngineVersion"] == "OpenSearch_2.19"
        assert "AccessPolicies" not in properties


def test_a_domain_is_as_large_as_its_stage_needs(templates: Templates) -> None:
    clusters = {name: domain_of(template)["Properties"]["ClusterConfig"] for name, template in templates.items()}

    assert (clusters["dev"]["InstanceType"], clusters["dev"]["InstanceCount"]) == ("t3.small.search", 1)
    assert clusters["prod"]["InstanceCount"] == 2
    assert clusters["prod"]["ZoneAwarenessEnabled"] is True
    assert domain_of(templates["prod"])["DeletionPolicy"] == "RetainExceptOnCreate"


def test_a_function_that_queries_may_only_query(templates: Templates) -> None:
    for template in templates.values():
        assert granted(template, "ApiRole") == {"/products*": {"Get", "Post"}}
        assert granted(template, "ProjectorRole") == granted(template, "EventsRole") == {}
        indexing = granted(template, "IndexerRole")
        assert indexing.keys() == {"/products*", "/_bulk", "/_aliases"}
        assert indexing["/_bulk"] == {"Get", "Post"}


def test_functions_have_the_address_of_one_engine(templates: Templates, shops: Mapping[str, Shop]) -> None:
    for template, present, absent in (
        (templates["dev"], "OPENSEARCH_URL", "SEARCH_BUCKET"),
        (shops["dev"].templates["search"], "SEARCH_BUCKET", "OPENSEARCH_URL"),
    ):
        for function in template.functions():
            if function.name in {"search-api", "search-indexer", "search-maintenance"}:
                assert present in function.environment
                assert absent not in function.environment


def test_a_stage_has_the_embedded_engine_by_default() -> None:
    from infra.stage import DEV, LOCAL, PROD, with_search_engine

    assert with_search_engine(DEV, None, "http://localhost:9200").search_engine == "tantivy"
    assert with_search_engine(PROD, "opensearch", None).search_engine == "opensearch"
    assert with_search_engine(LOCAL, None, None).search_engine == "tantivy"
    assert with_search_engine(LOCAL, None, "http://localhost:9200").opensearch_url == "http://localhost:9200"
    assert with_search_engine(LOCAL, "tantivy", "http://localhost:9200").opensearch_url is None


@pytest.mark.parametrize("engine", ["solr", "opensearch"])
def test_an_engine_that_a_stage_cannot_have_is_refused(engine: str) -> None:
    from infra.stage import LOCAL, with_search_engine

    with pytest.raises(ValueError, match=r"solr|make opensearch"):
        with_search_engine(LOCAL, engine, None)
