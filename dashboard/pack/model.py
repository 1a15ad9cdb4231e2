"""What the board receives, as one frozen value: every renderer is a function of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.board.commentary import Commentary
from dashboard.board.panels import BoardPage
from dashboard.board.provenance import Provenance
from dashboard.board.view import View, group_label
from dashboard.definitions.model import Board
from dashboard.definitions.pack import PackSpec
from dashboard.ledger.closes import Close
from dashboard.periods import Period
from dashboard.units import format_day, format_period


@dataclass(frozen=True)
class PackPage:
    """One page with the notes that stand on it; `shown` is the very page that the screen shows."""

    shown: BoardPage
    commentary: tuple[Commentary, ...]

    def notes_of(self, panel: str) -> tuple[Commentary, ...]:
        """The notes of one panel, or those of the page itself where `panel` is empty."""
        return tuple(each for each in self.commentary if each.note.place.panel == panel)


@dataclass(frozen=True)
class RestatedFigure:
    """A closed figure that is known otherwise now, in the words of the board."""

    period: str
    metric: str
    then: str
    now: str
    difference: str
    causes: str
    run: int  # as of which it was closed


@dataclass(frozen=True)
class MethodNote:
    """How something is done, in a paragraph."""

    title: str
    text: str


@dataclass(frozen=True)
class ChangedFigure:
    """A figure that is known otherwise than the last pack said, in the words of the board."""

    page: str
    figure: str
    group: str
    then: str
    now: str


@dataclass(frozen=True)
class SinceLast:
    """What changed since the last pack of the same period; `line` says which that was, and how much."""

    line: str
    changed: tuple[ChangedFigure, ...]


@dataclass(frozen=True)
class BoardPack:
    """A pack of a stated period, as of a stated moment.

    `code` is the period as `FiscalCalendar.code` writes it; `known` (aware) the moment as of which the
    figures are; `version` the hash of the whole configuration. An appendix that the pack does not have is
    empty.
    """

    spec: PackSpec
    board: Board
    code: str
    view: View
    known: datetime
    run: int | None
    close: Close | None
    version: str
    pages: tuple[PackPage, ...]
    definitions: tuple[Provenance, ...]
    restated: tuple[RestatedFigure, ...]
    methods: tuple[MethodNote, ...]
    since: SinceLast | None = None

    @property
    def period(self) -> Period:
        """The span that the figures are of."""
        return self.view.period(self.board.calendar)

    @property
    def period_text(self) -> str:
        """`2026-Q2 (Jul–Sept 2026)`."""
        return f"{self.code} ({format_period(self.period, locale=self.board.locale)})"

    @property
    def group(self) -> str:
        """Whose figures they are: `All customers`."""
        return group_label(self.view.slice, self.view.member)

    @property
    def known_text(self) -> str:
        """`15 October 2026, 10:00`, in the company's own zone."""
        moment = self.known.astimezone(ZoneInfo(self.board.time_zone))
        return f"{format_day(moment.date(), locale=self.board.locale)}, {moment:%H:%M}"

    @property
    def state_text(self) -> str:
        """Whether the period is closed, and by whom; else that its figures may still change."""
        if self.close is None:
            return "The period is not closed: its figures may still change."
        day = self.close.at.astimezone(ZoneInfo(self.board.time_zone)).date()
        return f"Closed on {format_day(day, locale=self.board.locale)} by {self.close.author}."

    @property
    def origin(self) -> str:
        """Whose, of when, as of when, of which run and definitions: the foot of every sheet and slide."""
        parts = [
            self.board.organisation,
            self.period_text,
            *([self.group] if self.view.slice else []),
            f"as of {self.known_text}",
            f"run {'none' if self.run is None else self.run}",
            f"definitions {self.version}",
        ]
        return " · ".join(parts)

    def footer(self, number: int, count: int) -> str:
        """The foot of sheet or slide `number` of `count`."""
        return f"{self.origin} · page {number} of {count}"
