"""How far a survey's figure can be trusted: how many of those asked answered, and whether pay hangs on it."""

from collections.abc import Sequence

from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, IntervalKind, Metric
from dashboard.definitions.origins import Dataset
from dashboard.ledger.book import Book
from dashboard.ledger.figures import figure
from dashboard.periods import Period
from dashboard.units import Unit, format_value

GAMED = "feeds pay: may be gamed"


def of_survey(catalog: Catalog, metric: Metric) -> bool:
    """Whether a metric is made of answers: a net promoter score, or of a dataset that says it is a survey."""
    if metric.interval is IntervalKind.NPS:
        return True
    origins = (catalog.origin(name) for name in datasets_of(catalog, metric))
    return any(isinstance(each, Dataset) and each.survey for each in origins)


def trust_lines(
    catalog: Catalog, book: Book, metric: Metric, period: Period, *, grouped: bool = False
) -> tuple[str, ...]:
    """The small print of a survey's figure over a period; empty where there is nothing to say.

    The share that answered is of the whole survey: `grouped` says that the figure is of a group. The book
    must hold the measures of the metric that `coverage` names, by its slice.
    """
    lines = []
    if (coverage := metric.coverage) is not None:
        asked = catalog.metric(coverage.metric)
        share = figure(catalog, book, asked, period, coverage.slice, coverage.member).value
        everybody = "all who were asked" if grouped else "those asked"
        told = format_value(share, Unit.PERCENT, locale=catalog.board.locale, currency=catalog.board.currency)
        lines.append("share that answered not known" if share is None else f"{told} of {everybody} answered")
    if metric.feeds_pay and of_survey(catalog, metric):
        lines.append(GAMED)
    return tuple(lines)


def said_of(names: Sequence[str], lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The lines of each metric of an exhibit, each once; what is not said of all is told with their names."""
    said: dict[str, dict[str, None]] = {}
    for name, found in zip(names, lines, strict=True):
        for line in found:
            said.setdefault(line, {})[name] = None
    everything = len(set(names))
    return tuple(line if len(of) == everything else f"{', '.join(of)}: {line}" for line, of in said.items())
