"""Output formats of a trace: a tree for the terminal, Mermaid, JSON, and an HTML page."""

import html
from collections.abc import Callable
from string import Template
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from bus.delivery_log import Outcome
from ecom67.events.delivery_log import LoggedDelivery
from ecom67.events.trace import ConsumerTrace, RequestTrace, Trace, TracedEvent

_STYLES = {
    Outcome.HANDLED: "green",
    Outcome.FAILED: "red",
    Outcome.SUPPRESSED: "yellow",
    Outcome.QUARANTINED: "red",
}
_WORDS = {
    Outcome.HANDLED: "handled",
    Outcome.FAILED: "failed",
    Outcome.SUPPRESSED: "suppressed",
    Outcome.QUARANTINED: "quarantined",
}
_PAGE = Template("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$title</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1d2733;background:#fff}
ul{list-style:none;margin:0;padding-left:1.4rem;border-left:1px solid #c8d0d9}
li{margin:.5rem 0}small{color:#5a6673}.well{color:#17693a}.ill{color:#a4161a;font-weight:600}code{font-size:.85em}
@media(prefers-color-scheme:dark){body{color:#e4e9ee;background:#14191f}small{color:#9aa7b4}.well{color:#6fd39b}.ill{color:#ff8f8f}
ul{border-color:#3a4550}}
</style>
<h1>$title</h1>$gaps
$requests
</html>
""")

MERMAID_EDGES = 500
MERMAID_CHARACTERS = 49_000
"""Mermaid's own defaults are 500 edges (``maxEdges``) and 50,000 characters (``maxTextSize``)."""


def as_tree(trace: Trace) -> Tree:
    """Return the trace as a tree for a terminal."""
    tree = Tree(f"[bold]{escape(trace.subject)}[/]")
    for request in trace.requests:
        above = tree.add(f"request {escape(request.correlation_id)} [dim]{_when(request)}[/]")
        for command in request.commands:
            _draw_consumer(command, above)
        for root in request.roots:
            _draw(root, above, trace)
    return tree


def _draw(node: TracedEvent, above: Tree, trace: Trace) -> None:
    event = node.event
    delay = "" if node.delay_ms is None else f" [cyan]+{node.delay_ms} ms[/]"
    producer = f" [dim]by {escape(_short(event.producer))}[/]" if event.producer else ""
    branch = above.add(f"[bold]{escape(event.detail_type)}[/]{producer}{delay} [dim]{escape(event.event_id)}[/]")
    for gap in node.gaps(trace.at):
        branch.add(f"[red]✗ {escape(gap)}[/]")
    for consumer in node.consumers:
        _draw_consumer(consumer, branch)
    for caused in node.caused:
        _draw(caused, branch, trace)


def _draw_consumer(consumer: ConsumerTrace, above: Tree) -> None:
    if not consumer.deliveries:
        if not consumer.dead_letter:
            above.add(f"[dim]→ {escape(consumer.function)}: no delivery yet[/]")
        return
    for delivery in consumer.deliveries:
        style = _STYLES[delivery.outcome]
        reason = f" [red]{escape(delivery.reason)}[/]" if delivery.reason else ""
        above.add(f"[{style}]→ {escape(consumer.function)}[/] {escape(_describe(delivery))}{reason}")


def _describe(delivery: LoggedDelivery) -> str:
    parts = [
        f"{delivery.handler} {_WORDS[delivery.outcome]}",
        f"in {delivery.ms:g} ms",
        f"attempt {delivery.attempt}" if delivery.attempt > 1 or delivery.outcome is Outcome.FAILED else "",
        f"({delivery.sent_again})" if delivery.sent_again else "",
        f"(replay {delivery.replay})" if delivery.replay else "",
    ]
    return " ".join(filter(None, parts))


def as_json(trace: Trace) -> dict[str, Any]:
    """Return the trace for JSON output."""
    return {
        "subject": trace.subject,
        "gaps": trace.gaps(),
        "lettersLeftOut": trace.dead_letters_truncated,
        "requests": [
            {
                "correlationId": request.correlation_id,
                "commands": [_consumer(command) for command in request.commands],
                "events": [_node(root, trace) for root in request.roots],
            }
            for request in trace.requests
        ],
    }


def _node(node: TracedEvent, trace: Trace) -> dict[str, Any]:
    return {
        **node.event.to_json(),
        "delayMs": node.delay_ms,
        "gaps": node.gaps(trace.at),
        "readings": [_consumer(consumer) for consumer in node.consumers],
        "caused": [_node(caused, trace) for caused in node.caused],
    }


def _consumer(consumer: ConsumerTrace) -> dict[str, Any]:
    return {
        "function": consumer.function,
        "subscribed": consumer.expected,
        "well": consumer.succeeded,
        "deadLetter": consumer.dead_letter,
        "deliveries": [
            {
                "at": delivery.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "handler": delivery.handler,
                "outcome": delivery.outcome.value,
                "attempt": delivery.attempt,
                "ms": delivery.ms,
                "why": delivery.reason,
                "replay": delivery.replay,
                "sentAgain": delivery.sent_again,
            }
            for delivery in consumer.deliveries
        ],
    }


def as_mermaid(trace: Trace) -> str:
    """Return the trace as a Mermaid flowchart: solid edges from cause to effect, dotted edges to consumers.

    Mermaid draws no larger one than MERMAID_EDGES and MERMAID_CHARACTERS; what is beyond is left out, and the chart
    says how many events that are.
    """
    lines = ["flowchart LR"]
    left_out = 0
    names: dict[str, str] = {}

    def name(key: str) -> str:
        return names.setdefault(key, f"n{len(names)}")

    for request in trace.requests:
        start = name(request.correlation_id)
        lines.append(f"    {start}([{_label('request ' + request.correlation_id[-12:])}])")
        incoming = {root.event.event_id: f"    {start} --> {name(root.event.event_id)}" for root in request.roots}
        for command in request.commands:
            lines += _mermaid_consumer(start, name(f"{start} {command.function}"), command)
        for node in request.nodes():
            own = name(node.event.event_id)
            drawn = [incoming[node.event.event_id], f"    {own}[{_label(node.event.detail_type)}]"]
            if node.gaps(trace.at):
                drawn.append(f"    class {own} ill")
            for caused in node.caused:
                edge = f"    {own} -->|{_label(f'+{caused.delay_ms} ms')}| {name(caused.event.event_id)}"
                incoming[caused.event.event_id] = edge
            for consumer in node.consumers:
                drawn += _mermaid_consumer(own, name(f"{own} {consumer.function}"), consumer)
            # A node comes after its cause: once one is left out, so is all that it caused.
            if left_out or not _fits_mermaid([*lines, *drawn]):
                left_out += 1
            else:
                lines += drawn
    if left_out:
        lines.append(f"    more[{_label(f'{left_out} more events: see --format html')}]")
    return "\n".join([*lines, "    classDef ill fill:#fde2e2,stroke:#a4161a", ""])


def _fits_mermaid(lines: list[str]) -> bool:
    edges = sum("-->" in line or "-.->" in line for line in lines)
    return edges <= MERMAID_EDGES and sum(len(line) + 1 for line in lines) <= MERMAID_CHARACTERS


def _mermaid_consumer(above: str, own: str, consumer: ConsumerTrace) -> list[str]:
    attempts = len(consumer.deliveries)
    more = f", {attempts} deliveries" if attempts > 1 else ""
    lines = [f"    {above} -.-> {own}({_label(consumer.function + more)})"]
    return lines if consumer.succeeded else [*lines, f"    class {own} ill"]


def _label(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'


def as_html(trace: Trace) -> str:
    """Return the trace as a self-contained HTML page."""
    gaps = "".join(f'<p class="ill">{html.escape(gap)}</p>' for gap in trace.gaps())
    requests = "".join(_html_request(request, trace) for request in trace.requests)
    return _PAGE.substitute(title=html.escape(f"Trace of {trace.subject}"), gaps=gaps, requests=requests)


def _html_request(request: RequestTrace, trace: Trace) -> str:
    head = f"Request <code>{html.escape(request.correlation_id)}</code> <small>{_when(request)}</small>"
    inner = _items(request.commands, _html_consumer) + _items(request.roots, lambda root: _html_node(root, trace))
    return f"<h2>{head}</h2><ul>{inner}</ul>"


def _html_node(node: TracedEvent, trace: Trace) -> str:
    delay = "" if node.delay_ms is None else f" +{node.delay_ms} ms"
    gaps = "".join(f'<div class="ill">{html.escape(gap)}</div>' for gap in node.gaps(trace.at))
    inner = _items(node.consumers, _html_consumer) + _items(node.caused, lambda caused: _html_node(caused, trace))
    return (
        f"<b>{html.escape(node.event.detail_type)}</b> <small>by {html.escape(_short(node.event.producer))}{delay} "
        f"<code>{html.escape(node.event.event_id)}</code></small>{gaps}<ul>{inner}</ul>"
    )


def _html_consumer(consumer: ConsumerTrace) -> str:
    style = "well" if consumer.succeeded else "ill"
    deliveries = "".join(
        f"<div><small>{html.escape(_describe(delivery))} {html.escape(delivery.reason or '')}</small></div>"
        for delivery in consumer.deliveries
    )
    return f'<span class="{style}">→ {html.escape(consumer.function)}</span>{deliveries}'


def _items(values: list[Any], render: Callable[[Any], str]) -> str:
    return "".join(f"<li>{render(value)}</li>" for value in values)


def _when(request: RequestTrace) -> str:
    moments = [node.event.occurred_at for node in request.nodes()]
    seconds = (max(moments) - min(moments)).total_seconds()
    return f"{min(moments):%Y-%m-%d %H:%M:%S} UTC, {len(moments)} events in {seconds:.1f} s"


def _short(producer: str | None) -> str:
    # Names of functions begin with the project and the stage.
    return "-".join((producer or "unknown").split("-")[2:]) or str(producer or "unknown")
