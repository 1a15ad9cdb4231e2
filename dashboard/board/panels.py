"""The exhibits of a page: each carries all that a screen, a slide or a sheet needs; nothing more is asked."""

from dataclasses import dataclass

from dashboard.board.closed_period import ClosedPeriod
from dashboard.board.drawings import Drawing
from dashboard.board.provenance import Provenance
from dashboard.board.reading import Reading
from dashboard.board.sheet import Sheet
from dashboard.board.view import View
from dashboard.definitions.model import Board, Page, PanelKind
from dashboard.periods import Period


@dataclass(frozen=True)
class PairPanel:
    """A customer metric and its financial neighbour on one time axis."""

    key: str
    sentence: str
    readings: tuple[Reading, ...]
    about: tuple[Provenance, ...]
    notices: tuple[str, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrendPanel:
    """One metric over time, of everything or by member: the largest by n; `left_out` more are not drawn."""

    key: str
    sentence: str
    readings: tuple[Reading, ...]
    about: tuple[Provenance, ...]
    notices: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: int = 0


@dataclass(frozen=True)
class ExhibitPanel:
    """One drawing with its table. `text` says what the drawing shows to those who hear it.

    `drawing` None: the table itself is what is shown, or there is nothing to draw and the notices say why.
    `under` names the exhibit that this one tells more of, and `choice` what it tells of: a screen shows one
    of the exhibits under another at a time.
    """

    key: str
    kind: PanelKind
    sentence: str
    drawing: Drawing | None
    sheet: Sheet
    text: str
    small_print: tuple[str, ...]
    about: tuple[Provenance, ...]
    notices: tuple[str, ...]
    under: str = ""
    choice: str = ""


@dataclass(frozen=True)
class LockedPanel:
    """A panel whose data is not connected; names what would unlock it."""

    key: str
    title: str
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class FailedPanel:
    """A panel that shows its own error, so that the others stand."""

    key: str
    title: str
    message: str


Exhibited = PairPanel | TrendPanel | ExhibitPanel
Panel = Exhibited | LockedPanel | FailedPanel


@dataclass(frozen=True)
class BoardPage:
    """A page as it is shown: the question, its answer in one sentence, what it is of, and its panels."""

    page: Page
    view: View
    summary: str
    answer: str
    panels: tuple[Panel, ...]
    stale: tuple[str, ...]
    stale_line: str
    failures: tuple[str, ...]
    run: int | None
    board: Board
    closed: ClosedPeriod | None = None

    @property
    def period(self) -> Period:
        """The span that headline figures are of."""
        return self.view.period(self.board.calendar)
