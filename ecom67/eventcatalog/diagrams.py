"""The diagrams of the site: Graphviz graphs, rendered to SVG by Graphviz for Node and coloured by the style sheet."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from shutil import which
from typing import Any

from ecom67.base.errors import CliError
from ecom67.eventcatalog.catalog import CatalogEvent, EventCatalog
from ecom67.eventcatalog.flows import RaisedEvent

PROGRAM = Path(__file__).with_name("diagrams.mjs")
FONT = "Arial"
SETTINGS = (
    f'graph [nodesep=0.18, ranksep=0.55, bgcolor="transparent", fontname="{FONT}", pad=0.1]; '
    f'node [fontname="{FONT}", fontsize=12, height=0.36, margin="0.14,0.05"]; '
    f'edge [fontname="{FONT}", fontsize=10, arrowsize=0.6];'
)
SHAPES = {
    "service": "box",
    "event": "box",
    "queue": "cylinder",
    "actor": "plaintext",
    "task": "box",
    "choice": "diamond",
    "end": "box",
}
ROUNDED = {"event", "end"}


class Graph:
    """A directed graph.

    Parameters:
        links: URL patterns of events and services by kind: ``{"event": "events/{}.html"}``.
        direction: Graphviz's ``rankdir``: LR is left to right, TB top to bottom.
    """

    def __init__(self, links: Mapping[str, str], direction: str = "LR") -> None:
        self._links = links
        self._direction = direction
        self._lines: list[str] = []
        self._nodes: set[str] = set()

    def node(self, kind: str, label: str, identity: str | None = None) -> str:
        """Add a node unless it exists; return its name for edges.

        Parameters:
            kind: a key of ``SHAPES``.
            label: the text of the node.
            identity: distinguishes nodes with the same label; default: the label.
        """
        name = json.dumps(f"{kind} {identity or label}")
        if name not in self._nodes:
            self._nodes.add(name)
            attributes = {"label": label, "class": kind, "shape": SHAPES[kind], "tooltip": label}
            if kind in ROUNDED:
                attributes["style"] = "rounded"
            if kind in self._links:
                attributes["URL"] = self._links[kind].format(label)
            self._lines.append(f"{name} [{_attributes(attributes)}];")
        return name

    def edge(self, start: str, end: str, label: str = "", kind: str = "") -> None:
        """Add an edge between two nodes."""
        self._lines.append(f"{start} -> {end} [{_attributes({'label': label, 'class': kind})}];")

    def source(self) -> str:
        """Return the graph in the DOT language."""
        return f"digraph {{ rankdir={self._direction}; {SETTINGS} {' '.join(self._lines)} }}"


def overview_graph(catalog: EventCatalog, links: Mapping[str, str]) -> str:
    """Return the graph of all events with their publishers and subscribers."""
    graph = Graph(links)
    for event in catalog.events.values():
        _add_event(graph, event)
    return graph.source()


def event_graph(event: CatalogEvent, links: Mapping[str, str]) -> str:
    """Return the graph of one event with the queues of its subscribers."""
    graph = Graph(links)
    named = graph.node("event", event.name)
    graph.edge(graph.node("service", event.service, f"publishes {event.service}"), named)
    for subscriber in event.subscribers:
        reader = graph.node("service", subscriber.service, f"subscribes {subscriber.service}")
        if subscriber.queue:
            queue = graph.node("queue", subscriber.queue.replace("ecom67-<stage>-", ""))
            graph.edge(named, queue)
            graph.edge(queue, reader)
        else:
            graph.edge(named, reader)
    return graph.source()


def flow_graph(actor: str, initial: Iterable[RaisedEvent], links: Mapping[str, str]) -> str:
    """Return the graph of a flow: its actor, its events, their subscribers, and the events that these raise."""
    graph = Graph(links)
    first = graph.node("actor", actor)
    for raised in initial:
        start = graph.node("service", raised.publisher, f"begins {raised.publisher}")
        graph.edge(first, start)
        _add_raised(graph, start, raised, raised.publisher)
    return graph.source()


def state_machine_graph(definition: Mapping[str, Any]) -> str:
    """Return the graph of a state machine, given its Amazon States Language definition."""
    graph = Graph({}, "TB")
    states: Mapping[str, Mapping[str, Any]] = definition["States"]
    nodes = {name: graph.node(_kind(state), _label(name, state), name) for name, state in states.items()}
    for name, state in states.items():
        transitions = [
            (choice["Next"], _condition(str(choice.get("Condition", "")))) for choice in state.get("Choices", ())
        ]
        transitions += [(state["Default"], "otherwise")] if "Default" in state else []
        transitions += [(state["Next"], "")] if "Next" in state else []
        for target, label in transitions:
            graph.edge(nodes[name], nodes[target], label)
        for catcher in state.get("Catch", ()):
            graph.edge(nodes[name], nodes[catcher["Next"]], "fault", "fault")
    return graph.source()


def render(sources: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return graphs rendered as SVG elements, by name.

    Parameters:
        sources: the graphs in the DOT language, by name.
        titles: their text alternatives, by name.

    Raises CliError where Node.js is missing or fails.
    """
    node = which("node")
    if node is None:
        raise CliError("Node.js is missing; the diagrams are drawn with it.")
    result = subprocess.run(  # noqa: S603 - our own program
        [node, str(PROGRAM)], input=json.dumps(list(sources.values())), capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise CliError(f"The diagrams could not be drawn; `make setup` may help.\n{result.stderr[-2000:]}")
    images = zip(sources, json.loads(result.stdout), strict=True)
    return {name: _element(image, titles[name]) for name, image in images}


def _add_event(graph: Graph, event: CatalogEvent) -> None:
    named = graph.node("event", event.name)
    graph.edge(graph.node("service", event.service, f"publishes {event.service}"), named)
    for subscriber in event.subscribers:
        graph.edge(named, graph.node("service", subscriber.service, f"subscribes {subscriber.service}"))


def _add_raised(graph: Graph, start: str, raised: RaisedEvent, path: str) -> None:
    here = f"{path}/{raised.event}"
    event = graph.node("event", raised.event, here)
    graph.edge(start, event)
    for reaction in raised.reactions:
        reader = graph.node("service", reaction.service, f"{here}/{reaction.service}")
        graph.edge(event, reader)
        for following in reaction.raises:
            _add_raised(graph, reader, following, f"{here}/{reaction.service}")


def _kind(state: Mapping[str, Any]) -> str:
    if state.get("End") or state["Type"] in ("Succeed", "Fail"):
        return "end"
    return "choice" if state["Type"] == "Choice" else "task"


def _label(name: str, state: Mapping[str, Any]) -> str:
    arguments = state.get("Arguments")
    command = str(arguments.get("FunctionName", arguments.get("QueueUrl", ""))) if isinstance(arguments, dict) else ""
    # The name of the parameter that holds the ARN, such as cart/validate-arn.
    return f"{name}\n{command.rpartition('-')[0]}" if "/" in command else name


def _condition(condition: str) -> str:
    values = re.findall(r"outcome = '(\w+)'", condition) or re.findall(r"\$(\w+)", condition)
    return " ".join(values)


def _attributes(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in attributes.items() if value)


def _element(image: str, title: str) -> str:
    """Return an SVG document as an HTML element with a text alternative, without colours, sizes and tooltips."""
    element = image[image.index("<svg") :]
    element = re.sub(r"<!--.*?-->|<title>.*?</title>", "", element, flags=re.DOTALL)
    element = re.sub(r' (?:fill|stroke|xlink:title|id)="[^"]*"', "", element)
    width = re.search(r'<svg width="(\d+)pt"', element)
    style = f"--width: {int(width[1]) * 4 // 3}px" if width else ""
    opening_tag = f'<svg class="diagram" role="group" aria-label="{escape(title)}" style="{style}"'
    return re.sub(r'<svg width="[^"]*" height="[^"]*"', opening_tag, element, count=1).replace("xlink:href", "href")
