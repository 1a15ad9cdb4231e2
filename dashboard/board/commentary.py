"""Commentary with live figures: `{net_promoter_score.value}` becomes the figure of the page it stands on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.board.masking import read_masked
from dashboard.board.reading import Reading, read_metric
from dashboard.board.view import View
from dashboard.board.wording import change_text, headline_text, signal_label, value_text
from dashboard.definitions.model import Catalog
from dashboard.errors import DashboardError
from dashboard.ledger.closing import catalog_as_of
from dashboard.ledger.notes import Note, NoteState, Place
from dashboard.ledger.scope import Scope
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain
from dashboard.units import MISSING, format_count, format_period
from yamlfiles.problems import did_you_mean

_LIVE = re.compile(r"\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\.\s*([A-Za-z_]+)\s*\}")


@dataclass(frozen=True)
class Commentary:
    """A note as it is shown: `text` is Markdown with the figures of the page in place of their names."""

    note: Note
    text: str


def metrics_named(text: str) -> tuple[str, ...]:
    """The metrics whose figures stand in a text, in order of first use."""
    return tuple(dict.fromkeys(found[1] for found in _LIVE.finditer(text)))


def faults(catalog: Catalog, text: str) -> tuple[str, ...]:
    """What is wrong with the figures that a text names, each with a remedy; empty where nothing is."""
    told: dict[str, None] = {}
    for found in _LIVE.finditer(text):
        metric, field = found.groups()
        if metric not in catalog.metrics:
            told[f"There is no metric {metric!r}. {did_you_mean(metric, catalog.metrics)}"] = None
        elif field not in FIELDS:
            told[f"A metric has no {field!r}. {did_you_mean(field, FIELDS)}"] = None
    return tuple(told)


def filled(text: str, readings: Mapping[str, Reading], *, escape: Callable[[str], str]) -> str:
    """The text with figures in it. A metric that is not there any more is told as n/a, never left as a name.

    `escape` makes a figure fit for the form the text is in, so that its signs are not taken for Markdown.
    """

    def figure(found: re.Match[str]) -> str:
        reading, field = readings.get(found[1]), FIELDS.get(found[2])
        return escape(field(reading) if reading is not None and field is not None else MISSING)

    return _LIVE.sub(figure, text)


def _interval(reading: Reading) -> str:
    if reading.interval is None:
        return MISSING
    return " to ".join(value_text(reading, end) for end in (reading.interval.low, reading.interval.high))


FIELDS: Mapping[str, Callable[[Reading], str]] = {
    "value": headline_text,
    "change": lambda reading: change_text(reading) or MISSING,
    "previous": lambda reading: value_text(reading, reading.earlier.value),
    "n": lambda reading: format_count(reading.figure.n, locale=reading.board.locale),
    "target": lambda reading: value_text(reading, reading.target),
    "interval": _interval,
    "signal": lambda reading: signal_label(reading).lower(),
    "period": lambda reading: format_period(reading.period, locale=reading.board.locale),
    "name": lambda reading: reading.metric.name,
    "owner": lambda reading: reading.metric.owner,
}


def note_period(catalog: Catalog, view: View) -> str:
    """The period that a view's notes are of: the quarter it ends in, whatever its span."""
    calendar = catalog.board.calendar
    return calendar.code(calendar.containing(Grain.QUARTER, view.ending))


def read_commentary(
    catalog: Catalog,
    ledger: Ledger,
    page: str,
    view: View,
    *,
    scope: Scope,
    as_of: datetime | None,
    escape: Callable[[str], str],
) -> tuple[Commentary, ...]:
    """The notes of a page with the figures of the view in them, as they stood at the moment `as_of`."""
    notes = ledger.notes.of_page(page, note_period(catalog, view), as_of=as_of)
    names = dict.fromkeys(name for note in notes for name in metrics_named(note.text))
    then = catalog_as_of(catalog, ledger, as_of)
    metrics = [then.metrics[name] for name in names if name in then.metrics]
    readings: dict[str, Reading] = {}
    if metrics:
        book = read_masked(then, ledger, metrics, {(), view.slice}, scope=scope, as_of=as_of)
        readings = {metric.id: read_metric(then, book, metric, view) for metric in metrics}
    return tuple(Commentary(note, filled(note.text, readings, escape=escape)) for note in notes)


def write_note(
    catalog: Catalog,
    ledger: Ledger,
    place: Place,
    text: str,
    *,
    author: str,
    now: datetime,
    based_on: int,
    state: NoteState,
) -> Note:
    """Write a note after its figures have been checked.

    DashboardError where it names a figure that there is not, or nobody has signed; LostUpdateError, with both
    texts, where somebody else has written since `based_on`.
    """
    if not author.strip():
        raise DashboardError("A note is signed. Write your name.")
    if wrong := faults(catalog, text):
        raise DashboardError("The note was not saved. " + " ".join(wrong))
    return ledger.notes.write(
        place, text.strip(), author=author.strip(), now=now, based_on=based_on, state=state
    )
