"""What `boardseat query` asks for, read from the words of its options, and the figures that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard.board.beside import in_scenarios
from dashboard.board.masking import read_masked
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.errors import UnknownNameError
from dashboard.ledger.closing import catalog_as_of
from dashboard.ledger.figures import Figure, covered, figure
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import FiscalCalendar, Grain
from yamlfiles.problems import did_you_mean

EARLIEST, LATEST = 1900, 2200  # years; a slip such as 0206 is told, not answered with 20,000 empty months


@dataclass(frozen=True)
class Question:
    """Metrics over every period of `grain` from `first` to `last`; None is as far as the data goes."""

    metrics: tuple[Metric, ...]
    slice: Slice
    grain: Grain
    first: date | None
    last: date | None
    as_of: datetime | None
    restated: bool = False  # closed periods as they are known now, not as they were closed
    scenario: str | None = None  # the metrics are of that scenario


@dataclass(frozen=True)
class Answer:
    """One metric, period and member."""

    metric: Metric
    member: tuple[str, ...]
    figure: Figure


def answers(catalog: Catalog, ledger: Ledger, question: Question) -> tuple[Answer, ...]:
    """The figures as the ledger knew them; by metric in the order asked, then by period, then by member.

    Of another moment, the metrics are as they were defined then.
    """
    found = []
    catalog = catalog_as_of(catalog, ledger, question.as_of)
    for asked in question.metrics:
        metric = asked if question.scenario else catalog.metric(asked.id)
        book = read_masked(
            catalog,
            ledger,
            [metric],
            {question.slice},
            scope=EVERYTHING,
            as_of=question.as_of,
            restated=question.restated,
        )
        reach = covered(catalog, book, metric)
        if reach is None and (question.first is None or question.last is None):
            continue
        first = question.first or reach[0]  # type: ignore[index]  # None only where both ends are given
        last = question.last or reach[1] - timedelta(days=1)  # type: ignore[index]
        for period in catalog.board.calendar.between(question.grain, first, last):
            for member in book.members(question.slice) if question.slice else ((),):
                found.append(
                    Answer(metric, member, figure(catalog, book, metric, period, question.slice, member))
                )
    return tuple(found)


def read_scenario(metrics: Sequence[Metric], scenario: str) -> tuple[Metric, ...]:
    """The metrics in a scenario, called as formulas name them: `plan(revenue)`."""
    for metric in metrics:
        if scenario not in metric.scenarios:
            known = (
                f"It has {', '.join(metric.scenarios)}." if metric.scenarios else "Its datasets have none."
            )
            raise UnknownNameError(f"{metric.id} has no {scenario}. {known}")
    return tuple(in_scenarios(metric)[scenario] for metric in metrics)


def read_slice(catalog: Catalog, metrics: Sequence[Metric], text: str | None) -> Slice:
    """`segment` or `segment,region` as a slice that every one of the metrics is recorded by."""
    if text is None:
        return ()
    asked = tuple(part.strip() for part in text.split(","))
    found: Slice = ()
    for metric in metrics:
        cuts = [set(catalog.origin(name).slices) for name in datasets_of(catalog, metric)]
        known = sorted(set.intersection(*cuts) - {()})
        found = next((cut for cut in known if sorted(cut) == sorted(asked)), ())
        if not found:
            hint = did_you_mean(",".join(asked), [",".join(cut) for cut in known])
            raise UnknownNameError(f"{metric.id} is not recorded by {','.join(asked)!r}. {hint}")
    return found


def read_day(calendar: FiscalCalendar, text: str, *, last: bool) -> date:
    """`2026-09-30` as it is; a month, fiscal quarter or year as its first day, or as its last."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-09-30") else None
    except ValueError:
        day = None
    if day is None:
        period = calendar.parse(text)
        day = period.last_day if last else period.start
    if not EARLIEST <= day.year < LATEST:
        raise UnknownNameError(
            f"The year of {text!r} is not between {EARLIEST} and {LATEST}. Check its digits."
        )
    return day


def read_moment(text: str, zone: str) -> datetime:
    """In UTC: `2026-10-05` is the end of that day, `2026-10-05T09:00` that minute, in the company's zone."""
    home = ZoneInfo(zone)
    try:
        if len(text) == len("2026-10-05"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), home).astimezone(
                UTC
            )
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise UnknownNameError(
            f"{text!r} is no moment. Write a day as 2026-10-05, or a time as 2026-10-05T09:00."
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=home)).astimezone(UTC)
