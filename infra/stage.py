"""The settings of the stages. The templates of two stages differ in nothing else.

What the owner of a stage chooses is in ``stages/<name>.toml`` (``infra/stage_settings.py``); what follows from the kind
of a stage is here.
"""

from dataclasses import dataclass, replace

from aws_cdk import Environment, RemovalPolicy
from aws_cdk import aws_logs as logs

from infra.stage_settings import read_settings

FIREWALL_REGION = "us-east-1"
"""The only region in which CloudFront finds web ACLs; source: AWS WAF's developer guide."""
QUEUES_WITH_CONSUMER = 20
"""Of one stage, with some to spare; ``tests/infra/test_scale.py`` counts them."""
MIN_QUEUE_CONCURRENCY = 2
"""The least that an event source of a queue may have; source: Lambda's developer guide, "Configuring maximum
concurrency for Amazon SQS event sources"."""
MAX_QUEUE_CONCURRENCY = 20
"""What a queue's consumer needs at a thousand orders an hour is a fraction of it."""
RECEIVES = 5
"""Deliveries of a message before it goes to the dead-letter queue."""
RECEIVES_IF_THROTTLED = 50
"""The same in an account where deliveries are throttled, each of which counts although no function has run."""
TANTIVY = "tantivy"
OPENSEARCH = "opensearch"


@dataclass(frozen=True, slots=True)
class Stage:
    """Settings of one stage.

    Attributes:
        name: ``local``, ``dev`` or ``prod``; part of each physical name and SSM path.
        env: account and region; None takes those of the caller's credentials.
        retain_data: whether tables, buckets, user pool and logs outlive a deleted stack, but not a creation that is
            rolled back, which they would otherwise block when it is repeated. Stacks then have termination protection.
        deletion_protection: whether tables and user pool have deletion protection.
        log_retention: how long logs are kept.
        emulated: whether the stage is deployed to the emulator: without layers, tracing, TLS, and the resource types
            that the emulator does not support.
        throttle_rate: steady limit of an API, in requests per second.
        throttle_burst: limit of concurrent requests of an API.
        mail_from: sender address of the shop's e-mails.
        mail_domain: the domain that SES verifies for the sender; None verifies the address alone.
        shop_url: address of the shop, to which e-mails link, of a local stage, which on another port passes its own. In
            AWS it is the domain's, or the distribution's.
        domain: the shop's own host name; None serves it under CloudFront's.
        certificate_arn: certificate of the domain, in us-east-1.
        alarm_emails: addresses that are notified of alarms.
        journal_batching_window_seconds: how long the journal's queue gathers events for one invocation.
        reporting_batching_window_seconds: how long the queue of reporting gathers events for one invocation: by as much
            the reports are behind.
        catalog_batching_window_seconds: how long a queue of catalogue and stock events gathers for one invocation. An
            import, or an order of many lines, then costs few invocations; copies of a product are a second behind.
        index_batching_window_seconds: how long changes are gathered for one commit of the search index, which rewrites
            as much of it for one product as for a hundred; by as much search is behind.
        model_id: inference profile of the chat's model on Bedrock, or the name of the local demo.
        questions_per_minute: limit of the chat per shopper.
        tokens_per_day: limit of the chat's model per shopper.
        lambda_concurrency: how many functions the account may run at once.
        archive_days: how long the bus keeps events for replays.
        search_engine: ``tantivy`` or ``opensearch``.
        opensearch_url: address of an OpenSearch node that runs already; without it, a stage with OpenSearch gets a
            domain.
    """

    name: str
    env: Environment | None
    retain_data: bool
    log_retention: logs.RetentionDays
    emulated: bool
    throttle_rate: int
    throttle_burst: int
    mail_from: str
    mail_domain: str | None
    shop_url: str | None
    journal_batching_window_seconds: int
    reporting_batching_window_seconds: int
    catalog_batching_window_seconds: int
    index_batching_window_seconds: int
    model_id: str
    deletion_protection: bool = False
    domain: str | None = None
    certificate_arn: str | None = None
    questions_per_minute: int = 10
    tokens_per_day: int = 200_000
    lambda_concurrency: int = 1000
    archive_days: int = 365
    alarm_emails: tuple[str, ...] = ()
    search_engine: str = TANTIVY
    opensearch_url: str | None = None

    @property
    def prefix(self) -> str:
        """The prefix of each physical name."""
        return f"ecom67-{self.name}"

    @property
    def removal_policy(self) -> RemovalPolicy:
        """What happens to data when its stack is deleted."""
        return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self.retain_data else RemovalPolicy.DESTROY

    @property
    def queue_concurrency(self) -> int:
        """How many invocations one queue may have at once: all queues together take half of the account's at most.

        The other half is left to who waits: shoppers' requests and the commands of a checkout.
        """
        share = self.lambda_concurrency // 2 // QUEUES_WITH_CONSUMER
        return max(MIN_QUEUE_CONCURRENCY, min(MAX_QUEUE_CONCURRENCY, share))

    @property
    def max_receive_count(self) -> int:
        """How often a message is delivered before it is a dead letter.

        Where the least concurrency of all queues is more than half of the account's, deliveries are throttled.
        """
        fits = self.lambda_concurrency // 2 >= MIN_QUEUE_CONCURRENCY * QUEUES_WITH_CONSUMER
        return RECEIVES if fits else RECEIVES_IF_THROTTLED

    def parameter_name(self, service: str, name: str) -> str:
        """Return the name of the SSM parameter in which a service publishes a value to the other stacks.

        Parameters:
            service: that publishes the value.
            name: of the value, such as ``api-id``.
        """
        return f"/ecom67/{self.name}/{service}/{name}"


LOCAL = Stage(
    name="local",
    # The CDK CLI rejects credentials of another account, so a local deployment cannot reach a real one.
    env=Environment(account="000000000000", region="us-east-1"),
    retain_data=False,
    log_retention=logs.RetentionDays.ONE_DAY,
    emulated=True,
    throttle_rate=1000,
    throttle_burst=1000,
    mail_from="shop@ecom67.example",
    mail_domain="ecom67.example",
    shop_url="http://localhost:8067",
    journal_batching_window_seconds=1,
    reporting_batching_window_seconds=1,
    # The emulator waits for none of these, but fills batches of a hundred.
    catalog_batching_window_seconds=1,
    index_batching_window_seconds=1,
    model_id="local-demo",
    # Five for each queue: each invocation at once is a process of the laptop.
    lambda_concurrency=200,
)


def _in_aws(name: str, *, retain_data: bool, log_retention: logs.RetentionDays, throttle_rate: int) -> Stage:
    settings = read_settings(name)
    return Stage(
        name=name,
        env=Environment(account=settings.account, region=settings.region),
        retain_data=retain_data,
        log_retention=log_retention,
        emulated=False,
        throttle_rate=throttle_rate,
        throttle_burst=2 * throttle_rate,
        mail_from=settings.mail_from,
        mail_domain=settings.mail_domain,
        shop_url=None,
        domain=settings.domain,
        certificate_arn=settings.certificate_arn,
        deletion_protection=settings.deletion_protection,
        alarm_emails=tuple(settings.alarm_emails),
        model_id=settings.model_id,
        lambda_concurrency=settings.lambda_concurrency,
        journal_batching_window_seconds=5,
        reporting_batching_window_seconds=60,
        catalog_batching_window_seconds=1,
        index_batching_window_seconds=1,
    )


DEV = _in_aws("dev", retain_data=False, log_retention=logs.RetentionDays.ONE_WEEK, throttle_rate=50)
PROD = _in_aws("prod", retain_data=True, log_retention=logs.RetentionDays.THREE_MONTHS, throttle_rate=500)

STAGES = {stage.name: stage for stage in (LOCAL, DEV, PROD)}


def get_stage(name: str) -> Stage:
    """Return the stage of a name.

    Parameters:
        name: ``local``, ``dev`` or ``prod``.

    Raises ValueError, which lists the stages, for any other name.
    """
    if name not in STAGES:
        raise ValueError(f"there is no stage {name!r}; choose one of {', '.join(STAGES)}")
    return STAGES[name]


def with_search_engine(stage: Stage, engine: str | None, opensearch_url: str | None) -> Stage:
    """Return a copy of a stage with the search engine that its caller chooses.

    Parameters:
        stage: the stage.
        engine: ``tantivy`` or ``opensearch``. None chooses OpenSearch if an emulated stage is given a node, and
            otherwise keeps the stage's engine.
        opensearch_url: address of a node that runs already, which only an emulated stage uses.

    Raises ValueError for an unknown engine, and for OpenSearch on an emulated stage without a node.
    """
    chosen = engine or (OPENSEARCH if opensearch_url and stage.emulated else stage.search_engine)
    if chosen not in (TANTIVY, OPENSEARCH):
        raise ValueError(f"there is no search engine {chosen!r}; choose tantivy or opensearch")
    if chosen == TANTIVY:
        return replace(stage, search_engine=chosen, opensearch_url=None)
    if stage.emulated and not opensearch_url:
        raise ValueError("the emulator has no OpenSearch; run one with `make opensearch` and set OPENSEARCH_URL")
    return replace(stage, search_engine=chosen, opensearch_url=opensearch_url if stage.emulated else None)
