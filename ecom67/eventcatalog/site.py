"""The site of the event catalog: pages, search index and downloads. It works without a network."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer, TypeScriptLexer

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.eventcatalog import diagrams
from ecom67.eventcatalog.catalog import CatalogEvent, EventCatalog
from ecom67.eventcatalog.flows import FLOWS, RaisedEvent, events_of
from ecom67.eventcatalog.topology import Topology
from schemas import generation

HERE = Path(__file__).parent
BUILT = ROOT / "docs" / "dist" / "events"
SEARCH_LIBRARY = ROOT / "node_modules" / "minisearch" / "dist" / "umd" / "index.js"
GUIDES = {"contracts": ROOT / "docs" / "contracts.md", "subscribing": ROOT / "docs" / "subscribing.md"}
DOWNLOADS = {
    "json": generation.FOLDER,
    "draft4": generation.DRAFT_4,
    "examples": generation.EXAMPLES,
    "asyncapi": generation.ASYNCAPI,
    "typescript": generation.TYPESCRIPT,
}
CHECKOUT = "checkout"


def build(assembly: Path, stage: str, out: Path = BUILT) -> list[str]:
    """Build the site and return the paths of its pages.

    Parameters:
        assembly: folder of the synthesised templates.
        stage: name of their stage.
        out: folder of the site, replaced.

    Raises CliError where contracts and templates are inconsistent, or Node.js is missing.
    """
    catalog = EventCatalog(Topology(assembly, stage))
    if inconsistencies := catalog.inconsistencies():
        details = "\n".join(f"  {inconsistency}" for inconsistency in inconsistencies)
        raise CliError(f"Contracts and templates contradict each other:\n{details}")
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    pages = Site(catalog).pages()
    for address, text in pages.items():
        file = partial / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    _copy_files(partial)
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)
    return sorted(pages)


class Site:
    """The pages of an event catalog."""

    def __init__(self, catalog: EventCatalog) -> None:
        self._catalog = catalog
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["json_code"] = _json_code
        self._templates.tests["in_part"] = lambda path, part: path.startswith(f"{part}.")
        self._templates.globals["events"] = list(catalog.events.values())
        self._templates.globals["services"] = list(catalog.services)
        self._flows = {flow.name: events_of(flow, catalog) for flow in FLOWS}
        self._diagrams = self._render_diagrams()

    def pages(self) -> dict[str, str]:
        """Return all pages and the search index by path."""
        pages = {
            "index.html": self._page("index.html", "index.html", diagram=self._diagrams["overview"]),
            "flows.html": self._page(
                "flows.html", "flows.html", flows=FLOWS, events_by_flow=self._flows, diagrams=self._diagrams
            ),
        }
        for event in self._catalog.events.values():
            pages[f"events/{event.name}.html"] = self._event(event)
        for service in self._catalog.services:
            pages[f"services/{service}.html"] = self._service(service)
        for name, file in GUIDES.items():
            text = _with_site_links(self._render(file))
            pages[f"{name}.html"] = self._page("guide.html", f"{name}.html", name=name, text=text)
        pages["search-index.js"] = (
            f"window.SEARCH_INDEX = {json.dumps(list(self._search_entries()), ensure_ascii=False)};\n"
        )
        return pages

    def _render(self, file: Path) -> str:
        """Return a Markdown file as HTML, in which the keyboard can scroll tables that are wider than the page."""
        rendered: str = self._markdown.render(file.read_text())
        framed = rendered.replace("<table>", '<div class="scroll" tabindex="0"><table>')
        return framed.replace("</table>", "</table></div>")

    def _page(self, template: str, address: str, **values: Any) -> str:
        root = "../" * address.count("/")
        return self._templates.get_template(f"{template}.j2").render(root=root, address=address, **values)

    def _event(self, event: CatalogEvent) -> str:
        types = (generation.TYPESCRIPT / f"{event.service}.ts").read_text()
        return self._page(
            "event.html",
            f"events/{event.name}.html",
            event=event,
            diagram=self._diagrams[f"event {event.name}"],
            typescript=_typescript_of(types, event.name),
            flows=[flow for flow in FLOWS if event.name in set(_names_in(self._flows[flow.name]))],
        )

    def _service(self, name: str) -> str:
        readme = ROOT / "services" / name / "README.md"
        rendered = self._render(readme) if readme.exists() else ""
        return self._page(
            "service.html",
            f"services/{name}.html",
            service=self._catalog.services[name],
            published=self._catalog.published_by(name),
            read=self._catalog.subscribed_by(name),
            readme=_with_site_links(_without_title(rendered)),
            has_asyncapi=(generation.ASYNCAPI / f"{name}.json").exists(),
        )

    def _render_diagrams(self) -> dict[str, str]:
        from_subfolder = {"event": "../events/{}.html", "service": "../services/{}.html"}
        from_root = {"event": "events/{}.html", "service": "services/{}.html"}
        sources = {"overview": diagrams.overview_graph(self._catalog, from_root)}
        titles = {"overview": "All events, between the services that publish and those that subscribe"}
        for event in self._catalog.events.values():
            sources[f"event {event.name}"] = diagrams.event_graph(event, from_subfolder)
            titles[f"event {event.name}"] = f"{event.name}, from {event.service} to who subscribes"
        for flow in FLOWS:
            sources[flow.name] = diagrams.flow_graph(flow.actor, self._flows[flow.name], from_root)
            titles[flow.name] = f"{flow.title}: the events, who gets them, and what they raise"
        for definition in self._catalog.topology.services[CHECKOUT].state_machines():
            sources["machine"] = diagrams.state_machine_graph(definition)
            titles["machine"] = "The states of checkout"
        return {name: Markup(svg) for name, svg in diagrams.render(sources, titles).items()}  # noqa: S704 - drawn here

    def _search_entries(self) -> Iterator[dict[str, str]]:
        for event in self._catalog.events.values():
            fields = " ".join(field.path for field in event.fields)
            readers = " ".join(one.service for one in event.subscribers)
            text = f"{event.description} {event.service} {readers} {fields}"
            yield _entry(event.name, "Event", f"events/{event.name}.html", text, event.description)
        for name, service in self._catalog.services.items():
            text = " ".join([*service.functions, *service.tables, *service.queues, *service.routes])
            yield _entry(name, "Service", f"services/{name}.html", text, f"What {name} publishes and reads")
        for flow in FLOWS:
            text = f"{flow.story} {' '.join(_names_in(self._flows[flow.name]))}"
            yield _entry(flow.title, "Flow", f"flows.html#{flow.name}", text, flow.story)
        for name, file in GUIDES.items():
            text = file.read_text()
            yield _entry(text.partition("\n")[0].lstrip("# "), "Guide", f"{name}.html", text, "")


def _entry(title: str, kind: str, address: str, text: str, summary: str) -> dict[str, str]:
    return {"id": address, "title": title, "kind": kind, "text": text, "summary": summary}


def _names_in(events: tuple[RaisedEvent, ...]) -> Iterator[str]:
    for raised in events:
        yield raised.event
        for reaction in raised.reactions:
            yield from _names_in(reaction.raises)


def _typescript_of(module: str, name: str) -> Markup:
    """Return the highlighted TypeScript type of an event's data, from the module of its service."""
    start = module.index(f"export interface {name} {{")
    text = module[start : module.index("\n}\n", start) + 3]
    return Markup(highlight(text, TypeScriptLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - escaped by Pygments


def _json_code(value: Any) -> Markup:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return Markup(highlight(text, JsonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - escaped by Pygments


def _without_title(page: str) -> str:
    """Return a rendered page without its title and with deeper headings, for inclusion in another page."""
    text = page.partition("</h1>")[2] or page
    for level in (4, 3, 2):
        text = text.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return text


def _with_site_links(page: str) -> Markup:
    """Return a guide with links to pages of the site only; other links are replaced by their text."""
    for name in GUIDES:
        page = page.replace(f'href="{name}.md"', f'href="{name}.html"')
    page = page.replace('href="examples/', 'href="files/guides/')
    # Scrollable elements must be focusable for keyboard users.
    page = page.replace("<pre>", '<pre tabindex="0">')
    return Markup(re.sub(r'<a href="(?:\.\./|[\w/-]+\.md)[^"]*">(.*?)</a>', r"\1", page))  # noqa: S704 - our own, without HTML in it


def _copy_files(folder: Path) -> None:
    shutil.copytree(HERE / "assets", folder / "assets")
    shutil.copyfile(SEARCH_LIBRARY, folder / "assets" / "minisearch.js")
    for name, source in DOWNLOADS.items():
        shutil.copytree(source, folder / "files" / name)
    shutil.copytree(ROOT / "docs" / "examples", folder / "files" / "guides")
