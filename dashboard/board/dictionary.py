"""The dictionary of KPIs: what each means, what it is made of and on which pages it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from dashboard.board.provenance import Ingredient, provenance
from dashboard.board.shown import shown_metrics
from dashboard.definitions.model import Catalog, Metric, Page
from dashboard.units import format_day, format_value


@dataclass(frozen=True)
class DictionaryEntry:
    """One KPI. `facts` are labels with their texts, in order; those without a text are left out."""

    metric: Metric
    group: str  # the file that it is defined in: "Loyalty"
    place: str  # "metrics/loyalty.yaml:3"
    facts: Mapping[str, str]
    ingredients: tuple[Ingredient, ...]
    pages: tuple[Page, ...]

    @property
    def haystack(self) -> str:
        """All that a search looks through."""
        metric = self.metric
        return " ".join((metric.name, metric.id, metric.question, metric.owner, self.group)).casefold()


def dictionary(catalog: Catalog) -> tuple[DictionaryEntry, ...]:
    """Every KPI of the catalog, in order of files and of the KPIs in them."""
    pages = [catalog.pages[name] for name in catalog.board.pages]
    shown = {page.name: {metric.id for metric in shown_metrics(catalog, page)} for page in pages}
    return tuple(
        _entry(catalog, metric, tuple(page for page in pages if metric.id in shown[page.name]))
        for metric in sorted(catalog.metrics.values(), key=lambda metric: metric.file)
    )


def matching(entries: Sequence[DictionaryEntry], asked: str) -> tuple[DictionaryEntry, ...]:
    """The entries that hold every word of `asked`; those with a word in their name come first."""
    words = asked.casefold().split()
    found = [each for each in entries if all(word in each.haystack for word in words)]
    return tuple(
        sorted(found, key=lambda each: not any(word in each.metric.name.casefold() for word in words))
    )


def matching_pages(catalog: Catalog, asked: str) -> tuple[Page, ...]:
    """The pages whose title, name or question hold every word of `asked`."""
    words = asked.casefold().split()
    pages = [catalog.pages[name] for name in catalog.board.pages]
    texts = {page.name: f"{page.title} {page.name} {page.question}".casefold() for page in pages}
    return tuple(page for page in pages if all(word in texts[page.name] for word in words))


def _entry(catalog: Catalog, metric: Metric, pages: tuple[Page, ...]) -> DictionaryEntry:
    origin = provenance(catalog, {}, metric, date.min)
    facts = {
        "Question": metric.question,
        "Why": metric.why,
        "Unit": metric.unit.value.replace("_", " "),
        "Direction": origin.direction,
        "Side": metric.side.value,
        "Owner": metric.owner,
        "Target": _target(catalog, metric),
        "Neighbour": origin.neighbour,
        "What we do": metric.action,
        "Counts (n)": metric.base_text,
        "Interval": metric.interval.value,
        "How many answered": _coverage(catalog, metric),
        "Definition from": metric.source,
        "Read with care": metric.pitfalls,
    }
    return DictionaryEntry(
        metric=metric,
        group=PurePosixPath(metric.file).stem.replace("_", " ").capitalize(),
        place=catalog.places.get(f"metrics.{metric.id}", metric.file),
        facts={name: " ".join(text.split()) for name, text in facts.items() if text},
        ingredients=origin.ingredients,
        pages=pages,
    )


def _target(catalog: Catalog, metric: Metric) -> str | None:
    board = catalog.board
    told = [
        f"{format_value(value, metric.unit, locale=board.locale, currency=board.currency)} "
        f"from {format_day(since, locale=board.locale)}"
        for since, value in metric.targets
    ]
    return ", ".join(told) or metric.target_measure or (metric.no_target and f"none: {metric.no_target}")


def _coverage(catalog: Catalog, metric: Metric) -> str | None:
    if metric.coverage is None:
        return metric.no_coverage and f"not known: {metric.no_coverage}"
    return " of ".join((catalog.metric(metric.coverage.metric).name, *metric.coverage.member))
