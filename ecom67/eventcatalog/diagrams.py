"""The diagrams, drawn by Graphviz (compiled for Node) when the site is built. The style sheet colours them."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from shutil import which
from typing import Any

from ecom67.base.errors import CliError
from ecom67.eventcatalog.catalogue import Catalogue, CataloguedEvent
from ecom67.eventcatalog.flows import Raised

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


class Drawing:
    """A directed graph.

    Parameters:
        links: where the names of events and services lead, by kind: ``{"event": "events/{}.html"}``.
        direction: in which it goes on: LR to the right, TB downwards.
    """

    def __init__(self, links: Mapping[str, str], direction: str = "LR") -> None:
        self._links = links
        self._direction = direction
        self._lines: list[str] = []
        self._nodes: set[str] = set()

    def node(self, kind: str, label: str, identity: str | None = None) -> str:
        """Add a node, once for each identity, and return what edges call it."""
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
        """Join two nodes."""
        self._lines.append(f"{start} -> {end} [{_attributes({'label': label, 'class': kind})}];")

    def source(self) -> str:
        """Return it as Graphviz reads it."""
        return f"digraph {{ rankdir={self._direction}; {SETTINGS} {' '.join(self._lines)} }}"


def overview(catalogue: Catalogue, links: Mapping[str, str]) -> str:
    """Return the graph of all events between who publishes and who subscribes."""
    drawing = Drawing(links)
    for event in catalogue.events.values():
        _around(drawing, event)
    return drawing.source()


def around(event: CataloguedEvent, links: Mapping[str, str]) -> str:
    """Return the graph of one event, with the queues of its subscribers."""
    drawing = Drawing(links)
    named = drawing.node("event", event.name)
    drawing.edge(drawing.node("service", event.service, f"publishes {event.service}"), named)
    for subscriber in event.subscribers:
        reader = drawing.node("service", subscriber.service, f"subscribes {subscriber.service}")
        if subscriber.queue:
            queue = drawing.node("queue", subscriber.queue.replace("ecom67-<stage>-", ""))
            drawing.edge(named, queue)
            drawing.edge(queue, reader)
        else:
            drawing.edge(named, reader)
    return drawing.source()


def flow(actor: str, begins: Iterable[Raised], links: Mapping[str, str]) -> str:
    """Return the graph of a flow: who begins it, each event, who gets it, and what they raise then."""
    drawing = Drawing(links)
    beginner = drawing.node("actor", actor)
    for raised in begins:
        start = drawing.node("service", raised.publisher, f"begins {raised.publisher}")
        drawing.edge(beginner, start)
        _follow(drawing, start, raised, raised.publisher)
    return drawing.source()


def machine(definition: Mapping[str, Any]) -> str:
    """Return the graph of a state machine by its definition in the template."""
    drawing = Drawing({}, "TB")
    states: Mapping[str, Mapping[str, Any]] = definition["States"]
    nodes = {name: drawing.node(_kind(state), _label(name, state), name) for name, state in states.items()}
    for name, state in states.items():
        ways = [(choice["Next"], _condition(str(choice.get("Condition", "")))) for choice in state.get("Choices", ())]
        ways += [(state["Default"], "otherwise")] if "Default" in state else []
        ways += [(state["Next"], "")] if "Next" in state else []
        for target, label in ways:
            drawing.edge(nodes[name], nodes[target], label)
        for caught in state.get("Catch", ()):
            drawing.edge(nodes[name], nodes[caught["Next"]], "fault", "fault")
    return drawing.source()


def drawn(sources: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    """Return the diagrams as SVG elements, by the names of the graphs.

    Parameters:
        sources: of the graphs.
        titles: what each of them shows, for who does not see it.

    Raises CliError where Node cannot draw them.
    """
    node = which("node")
    if node is None:
        raise CliError("Node.js is missing; the diagrams are drawn with it.")
    ran = subprocess.run(  # noqa: S603 - our own program
        [node, str(PROGRAM)], input=json.dumps(list(sources.values())), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise CliError(f"The diagrams could not be drawn; `make setup` may help.\n{ran.stderr[-2000:]}")
    images = zip(sources, json.loads(ran.stdout), strict=True)
    return {name: _element(image, titles[name]) for name, image in images}


def _around(drawing: Drawing, event: CataloguedEvent) -> None:
    named = drawing.node("event", event.name)
    drawing.edge(drawing.node("service", event.service, f"publishes {event.service}"), named)
    for subscriber in event.subscribers:
        drawing.edge(named, drawing.node("service", subscriber.service, f"subscribes {subscriber.service}"))


def _follow(drawing: Drawing, start: str, raised: Raised, path: str) -> None:
    here = f"{path}/{raised.event}"
    event = drawing.node("event", raised.event, here)
    drawing.edge(start, event)
    for reaction in raised.reactions:
        reader = drawing.node("service", reaction.service, f"{here}/{reaction.service}")
        drawing.edge(event, reader)
        for following in reaction.raises:
            _follow(drawing, reader, following, f"{here}/{reaction.service}")


def _kind(state: Mapping[str, Any]) -> str:
    if state.get("End") or state["Type"] in ("Succeed", "Fail"):
        return "end"
    return "choice" if state["Type"] == "Choice" else "task"


def _label(name: str, state: Mapping[str, Any]) -> str:
    given = state.get("Arguments")
    command = str(given.get("FunctionName", given.get("QueueUrl", ""))) if isinstance(given, dict) else ""
    # Known by the parameter that it is read from: cart/validate-arn.
    return f"{name}\n{command.rpartition('-')[0]}" if "/" in command else name


def _condition(condition: str) -> str:
    said = re.findall(r"outcome = '(\w+)'", condition) or re.findall(r"\$(\w+)", condition)
    return " ".join(said)


def _attributes(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={json.dumps(value)}" for name, value in attributes.items() if value)


def _element(image: str, title: str) -> str:
    """Return an SVG document as an element: without its own colours, sizes and tooltips, and with a name."""
    element = image[image.index("<svg") :]
    element = re.sub(r"<!--.*?-->|<title>.*?</title>", "", element, flags=re.DOTALL)
    element = re.sub(r' (?:fill|stroke|xlink:title|id)="[^"]*"', "", element)
    width = re.search(r'<svg width="(\d+)pt"', element)
    style = f"--width: {int(width[1]) * 4 // 3}px" if width else ""
    named = f'<svg class="diagram" role="group" aria-label="{escape(title)}" style="{style}"'
    return re.sub(r'<svg width="[^"]*" height="[^"]*"', named, element, count=1).replace("xlink:href", "href")
