"""The stages. Templates differ between them in these settings and in nothing else."""

from dataclasses import dataclass, replace

from aws_cdk import Environment, RemovalPolicy
from aws_cdk import aws_logs as logs

FIREWALL_REGION = "us-east-1"
"""Where CloudFront finds web ACLs, wherever the shop is; source: AWS WAF's developer guide."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Settings of one stage.

    Attributes:
        name: ``local``, ``dev`` or ``prod``; part of every name and SSM path.
        env: account and region; None takes those of the caller's credentials.
        keeps_data: whether tables survive their stack, with point-in-time recovery and deletion protection.
        log_retention: how long logs are kept.
        emulated: whether it is deployed to the emulator: no layers, and without what it refuses.
        throttle_rate: requests a second that the shared API takes.
        throttle_burst: requests at once that the shared API takes.
        mail_from: the sender of the shop's e-mails.
        shop_url: where shoppers find the shop; e-mails link to it.
        journal_window_seconds: how long the journal waits to be invoked for many events at once.
        model_id: the model that answers in the chat: an inference profile of Bedrock, or the local demo.
        questions_a_minute: that one shopper may ask in the chat.
        tokens_a_day: of the model, that one shopper may use in the chat.
        archive_days: how long the bus keeps events for a replay.
        search: the engine of search, ``tantivy`` or ``opensearch``.
        opensearch_url: of a node that is there already; without it the stage has a domain of its own.
    """

    name: str
    env: Environment | None
    keeps_data: bool
    log_retention: logs.RetentionDays
    emulated: bool
    throttle_rate: int
    throttle_burst: int
    mail_from: str
    shop_url: str
    journal_window_seconds: int
    model_id: str = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    questions_a_minute: int = 10
    tokens_a_day: int = 200_000
    archive_days: int = 365
    search: str = "tantivy"
    opensearch_url: str | None = None

    @property
    def prefix(self) -> str:
        """Return what every physical name starts with."""
        return f"ecom67-{self.name}"

    @property
    def removal_policy(self) -> RemovalPolicy:
        """Return what happens to data when its stack goes."""
        return RemovalPolicy.RETAIN if self.keeps_data else RemovalPolicy.DESTROY

    def parameter(self, service: str, name: str) -> str:
        """Return the SSM path under which a service publishes a value for the other stacks."""
        return f"/ecom67/{self.name}/{service}/{name}"


LOCAL = Stage(
    name="local",
    # The CDK CLI refuses credentials of any other account: a local deploy cannot reach a real one.
    env=Environment(account="000000000000", region="us-east-1"),
    keeps_data=False,
    log_retention=logs.RetentionDays.ONE_DAY,
    emulated=True,
    throttle_rate=1000,
    throttle_burst=1000,
    mail_from="shop@ecom67.example",
    shop_url="http://localhost:8067",
    journal_window_seconds=0,
    model_id="local-demo",
)

DEV = Stage(
    name="dev",
    env=None,
    keeps_data=False,
    log_retention=logs.RetentionDays.ONE_WEEK,
    emulated=False,
    throttle_rate=50,
    throttle_burst=100,
    mail_from="shop-dev@ecom67.example",
    shop_url="https://dev.ecom67.example",
    journal_window_seconds=5,
)

PROD = Stage(
    name="prod",
    env=None,
    keeps_data=True,
    log_retention=logs.RetentionDays.THREE_MONTHS,
    emulated=False,
    throttle_rate=500,
    throttle_burst=1000,
    mail_from="shop@ecom67.example",
    shop_url="https://ecom67.example",
    journal_window_seconds=5,
)

STAGES = {stage.name: stage for stage in (LOCAL, DEV, PROD)}


def stage_named(name: str) -> Stage:
    """Return the stage of that name; raises ValueError that lists the names there are."""
    if name not in STAGES:
        raise ValueError(f"there is no stage {name!r}; choose one of {', '.join(STAGES)}")
    return STAGES[name]


def with_search(stage: Stage, engine: str | None, opensearch_url: str | None) -> Stage:
    """Return a stage with another engine of search.

    Parameters:
        stage: the stage.
        engine: ``tantivy`` or ``opensearch``; None leaves it to the address.
        opensearch_url: of a node that is there already. An emulated stage has OpenSearch only so.

    Raises ValueError for an engine that there is not, and for OpenSearch where the stage can have none.
    """
    chosen = engine or ("opensearch" if opensearch_url and stage.emulated else stage.search)
    if chosen not in ("tantivy", "opensearch"):
        raise ValueError(f"there is no search engine {chosen!r}; choose tantivy or opensearch")
    if chosen == "tantivy":
        return replace(stage, search=chosen, opensearch_url=None)
    if stage.emulated and not opensearch_url:
        raise ValueError("the emulator has no OpenSearch; run one with `make opensearch` and set OPENSEARCH_URL")
    return replace(stage, search=chosen, opensearch_url=opensearch_url if stage.emulated else None)
