"""The site: every page, the search index, and the published files to take away. It needs no network."""

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
from ecom67.eventcatalog.catalogue import Catalogue, CataloguedEvent
from ecom67.eventcatalog.flows import FLOWS, Raised, raised_in
from ecom67.eventcatalog.topology import Landscape
from schemas import generation

HERE = Path(__file__).parent
BUILT = ROOT / "docs" / "dist" / "events"
SEARCH_LIBRARY = ROOT / "node_modules" / "minisearch" / "dist" / "umd" / "index.js"
GUIDES = {"contracts": ROOT / "docs" / "contracts.md", "subscribing": ROOT / "docs" / "subscribing.md"}
TAKEN_AWAY = {
    "json": generation.FOLDER,
    "draft4": generation.DRAFT_4,
    "examples": generation.EXAMPLES,
    "asyncapi": generation.ASYNCAPI,
    "typescript": generation.TYPESCRIPT,
}
CHECKOUT = "checkout"


def build(assembly: Path, stage: str, out: Path = BUILT) -> list[str]:
    """Build the site anew and return the addresses of its pages.

    Parameters:
        assembly: folder of the synthesised templates.
        stage: whose templates they are.
        out: folder of the site; what is in it is replaced.

    Raises CliError where contracts and templates contradict each other, or where a tool is missing.
    """
    catalogue = Catalogue(Landscape(assembly, stage))
    if faults := catalogue.faults():
        raise CliError("Contracts and templates contradict each other:\n" + "\n".join(f"  {fault}" for fault in faults))
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    pages = Site(catalogue).pages()
    for address, text in pages.items():
        file = partial / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    _copy_files(partial)
    shutil.rmtree(out, ignore_errors=True)
    partial.rename(out)
    return sorted(pages)


class Site:
    """The pages of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
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
        self._templates.globals["events"] = list(catalogue.events.values())
        self._templates.globals["services"] = list(catalogue.services)
        self._flows = {flow.name: raised_in(flow, catalogue) for flow in FLOWS}
        self._diagrams = self._drawn()

    def pages(self) -> dict[str, str]:
        """Return every page, and the search index, by address."""
        pages = {
            "index.html": self._page("index.html", "index.html", diagram=self._diagrams["overview"]),
            "flows.html": self._page("flows.html", "flows.html", flows=FLOWS, raised=self._flows, drawn=self._diagrams),
        }
        for event in self._catalogue.events.values():
            pages[f"events/{event.name}.html"] = self._event(event)
        for service in self._catalogue.services:
            pages[f"services/{service}.html"] = self._service(service)
        for name, file in GUIDES.items():
            text = _in_the_site(self._markdown.render(file.read_text()))
            pages[f"{name}.html"] = self._page("guide.html", f"{name}.html", name=name, text=text)
        pages["search-index.js"] = (
            f"window.SEARCH_INDEX = {json.dumps(list(self._searchable()), ensure_ascii=False)};\n"
        )
        return pages

    def _page(self, template: str, address: str, **values: Any) -> str:
        root = "../" * address.count("/")
        return self._templates.get_template(f"{template}.j2").render(root=root, address=address, **values)

    def _event(self, event: CataloguedEvent) -> str:
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
        rendered = self._markdown.render(readme.read_text()) if readme.exists() else ""
        return self._page(
            "service.html",
            f"services/{name}.html",
            service=self._catalogue.services[name],
            published=self._catalogue.published_by(name),
            read=self._catalogue.read_by(name),
            readme=_in_the_site(_below_the_title(rendered)),
            has_asyncapi=(generation.ASYNCAPI / f"{name}.json").exists(),
        )

    def _drawn(self) -> dict[str, str]:
        above = {"event": "../events/{}.html", "service": "../services/{}.html"}
        beside = {"event": "events/{}.html", "service": "services/{}.html"}
        sources = {"overview": diagrams.overview(self._catalogue, beside)}
        titles = {"overview": "All events, between the services that publish and those that subscribe"}
        for event in self._catalogue.events.values():
            sources[f"event {event.name}"] = diagrams.around(event, above)
            titles[f"event {event.name}"] = f"{event.name}, from {event.service} to who subscribes"
        for flow in FLOWS:
            sources[flow.name] = diagrams.flow(flow.actor, self._flows[flow.name], beside)
            titles[flow.name] = f"{flow.title}: the events, who gets them, and what they raise"
        for definition in self._catalogue.landscape.services[CHECKOUT].state_machines():
            sources["machine"] = diagrams.machine(definition)
            titles["machine"] = "The states of checkout"
        return {name: Markup(svg) for name, svg in diagrams.drawn(sources, titles).items()}  # noqa: S704 - drawn here

    def _searchable(self) -> Iterator[dict[str, str]]:
        for event in self._catalogue.events.values():
            fields = " ".join(field.path for field in event.fields)
            readers = " ".join(found.service for found in event.subscribers)
            text = f"{event.description} {event.service} {readers} {fields}"
            yield _entry(event.name, "Event", f"events/{event.name}.html", text, event.description)
        for name, service in self._catalogue.services.items():
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


def _names_in(begins: tuple[Raised, ...]) -> Iterator[str]:
    for raised in begins:
        yield raised.event
        for reaction in raised.reactions:
            yield from _names_in(reaction.raises)


def _typescript_of(module: str, name: str) -> Markup:
    """Return the type of an event's data out of the types of its service, as coloured code."""
    start = module.index(f"export interface {name} {{")
    text = module[start : module.index("\n}\n", start) + 3]
    return Markup(highlight(text, TypeScriptLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - escaped by Pygments


def _json_code(value: Any) -> Markup:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return Markup(highlight(text, JsonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - escaped by Pygments


def _below_the_title(page: str) -> str:
    """Return a rendered page without its title, and its headings two levels deeper: it stands below another."""
    text = page.partition("</h1>")[2] or page
    for level in (4, 3, 2):
        text = text.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return text


def _in_the_site(page: str) -> Markup:
    """Return a guide whose links lead to pages of the site where there are such, and nowhere else."""
    for name in GUIDES:
        page = page.replace(f'href="{name}.md"', f'href="{name}.html"')
    page = page.replace('href="examples/', 'href="files/guides/')
    # What scrolls can be scrolled by key.
    page = page.replace("<pre>", '<pre tabindex="0">')
    return Markup(re.sub(r'<a href="(?:\.\./|[\w/]+\.md)[^"]*">(.*?)</a>', r"\1", page))  # noqa: S704 - our own, without HTML in it


def _copy_files(folder: Path) -> None:
    shutil.copytree(HERE / "assets", folder / "assets")
    shutil.copyfile(SEARCH_LIBRARY, folder / "assets" / "minisearch.js")
    for name, source in TAKEN_AWAY.items():
        shutil.copytree(source, folder / "files" / name)
    shutil.copytree(ROOT / "docs" / "examples", folder / "files" / "guides")
