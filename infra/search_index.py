"""``ecom67 search``: builds the index anew, and compares it with the catalog. Search's own function does the work."""

import json
import time
from collections.abc import Callable
from typing import Annotated, Any

import botocore.session
import typer
from botocore.config import Config
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bus.context import Context
from infra.local.connection import connection
from infra.local.fault import Fault
from infra.local.layout import STAGE

app = typer.Typer(no_args_is_help=True, help="The search index.")

MOST_PASSES = 5
"""Comparisons of a new index with the catalog until nothing differs."""
GRACE_SECONDS = 5.0
"""For queries that still read the index before."""
LISTED = 10
"""Ids that are told of; of the others, how many there are."""

Report = dict[str, Any]
Take = Callable[..., Report]
ToStage = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS.")]


@app.command()
def rebuild(to: ToStage = STAGE) -> None:
    """Build a new index beside the old from the catalog, and answer from it once it is complete."""
    take = _steps(to)
    begun = take("begin")
    index, expected = begun["index"], begun["expected"]
    console = Console(highlight=False)
    try:
        with _progress(console) as progress:
            seen = _paged(take, "fill", progress, expected, "Fill", index=index)[0]
            for number in range(1, MOST_PASSES + 1):
                _, differing = _paged(take, "compare", progress, seen, f"Compare ({number})", index=index)
                if not differing:
                    break
            else:
                raise Fault(f"The catalog changes faster than it can be followed: {len(differing)} products differ.")
        take("go-live", index=index)
    except BaseException:
        _abandoned(take, index)
        raise
    console.print(f"{index} is live, with {seen} products.")
    time.sleep(GRACE_SECONDS)
    take("sweep")


@app.command()
def verify(
    to: ToStage = STAGE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what differs, and repair nothing.")] = False,
) -> None:
    """Compare the index with the catalog and repair what differs; exit code 1 where something did."""
    take = _steps(to)
    console = Console(highlight=False)
    with _progress(console) as progress:
        seen, differing = _paged(take, "compare", progress, None, "Compare with the catalog", repair=not dry_run)
        _, strays = _paged(take, "strays", progress, seen, "Look for strays", repair=not dry_run)
    if not differing and not strays:
        console.print(f"The index is as the catalog: {seen} products.")
        return
    done = "differ" if dry_run else "differed and were repaired"
    for title, ids in (("missing or outdated", differing), ("shown, and not in the catalog", strays)):
        if ids:
            others = f" and {len(ids) - LISTED} others" if len(ids) > LISTED else ""
            console.print(f"{len(ids)} {done}, {title}: {', '.join(ids[:LISTED])}{others}")
    raise typer.Exit(1)


def _steps(to: str) -> Take:
    """Return what takes a step on a stage; raises Fault where the stage or its engine does not answer."""
    client, arn = _function(to)
    context = Context.begin().model_dump(mode="json", exclude_none=True)

    def take(action: str, **said: Any) -> Report:
        payload = {"context": context, "input": {"action": action, **said}}
        answer = client.invoke(FunctionName=arn, Payload=json.dumps(payload).encode())
        report: Report = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Fault(f"The step {action!r} failed: {report.get('errorMessage', report)}. See `ecom67 logs search`.")
        if report["outcome"] == "UNAVAILABLE":
            raise Fault("The search engine does not answer. Nothing has changed; try again when it is back.")
        if report["outcome"] == "SUPERSEDED":
            raise Fault("Somebody else has begun to build an index meanwhile. This one is given up.")
        return report

    return take


def _function(to: str) -> tuple[Any, str]:
    if to == STAGE:
        stage = connection()
        return stage.client("lambda"), stage.published()["search/maintenance-arn"]
    session = botocore.session.get_session()
    ssm: Any = session.create_client("ssm")
    parameter = ssm.get_parameter(Name=f"/ecom67/{to}/search/maintenance-arn")
    # A step may take as long as its function.
    config = Config(read_timeout=130, retries={"total_max_attempts": 1})
    return session.create_client("lambda", config=config), parameter["Parameter"]["Value"]


def _paged(
    take: Take, action: str, progress: Progress, total: int | None, title: str, **said: Any
) -> tuple[int, list[str]]:
    """Take a step of many until the last; return how many products were seen, and which differ."""
    task = progress.add_task(title, total=total or None)
    seen, differing, cursor = 0, [], None
    while True:
        report = take(action, **said, **({"cursor": cursor} if cursor else {}))
        seen += report["seen"]
        differing += report["missing"] + report["outdated"] + report["strays"]
        progress.update(task, completed=seen)
        cursor = report.get("cursor")
        if cursor is None:
            progress.update(task, total=seen)
            return seen, differing


def _abandoned(take: Take, index: str) -> None:
    """Give a new index up, unless somebody else's is being built by now or the engine is away."""
    try:
        take("abandon", index=index)
    except Fault:
        return


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
