"""docs/kpi-dictionary.md: every KPI of config/, by file."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from dashboard.board.dictionary import DictionaryEntry, dictionary
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog

CONFIG = Path(__file__).parents[1] / "config"
HEAD = """# KPI dictionary

Every KPI of [config/](../config), as it is defined there: {count} in {files} files. The app has the same
under Prepare, Dictionary, with a search and the history of each definition. Written by `make docs`.
"""


def company_catalog() -> Catalog:
    """The catalog of config/; nothing is connected to."""
    sources = {path.stem: "Data Office" for path in (CONFIG / "sources").glob("*.yaml")}
    return load_catalog(CONFIG, sources=sources)


def kpi_dictionary(catalog: Catalog) -> str:
    """The page as Markdown."""
    entries = dictionary(catalog)
    groups = [(group, list(each)) for group, each in groupby(entries, key=lambda entry: entry.group)]
    parts = [HEAD.format(count=len(entries), files=len(groups))]
    for group, members in groups:
        parts.append(f"## {group}\n")
        parts += ["\n".join(_entry(each)) for each in members]
    return "\n".join(parts)


def _entry(entry: DictionaryEntry) -> Iterator[str]:
    metric = entry.metric
    yield f"### {metric.name}\n"
    yield f"`{metric.id}` in {entry.place.partition(':')[0]}\n"
    yield f"    {' '.join(metric.formula_text.split())}\n"
    yield "| | |\n|---|---|"
    for name, text in entry.facts.items():
        yield f"| {name} | {_cell(text)} |"
    pages = ", ".join(page.title for page in entry.pages) or "no page; a KPI beside others, or under them"
    yield f"| Pages | {_cell(pages)} |"
    for item in entry.ingredients:
        text = _cell(" ".join(item.text.split()))
        yield f"| `{item.key}` | `{text}` from {item.origin}, source {item.source} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
