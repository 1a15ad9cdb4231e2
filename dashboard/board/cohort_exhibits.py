"""The cohort grid: what share of those who joined was there, by when they joined and how long ago."""

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.proportions import newcombe
from dashboard.board.cohorts import A_YEAR, CohortGrid, CohortRow, drawn_ages, read_grid, retained_metric
from dashboard.board.desk import Desk
from dashboard.board.drawings import Ages, AgesCell
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.model import PanelKind
from dashboard.units import Unit, format_period

MOST_AGES = 12
HIDDEN, NOT_OVER, NOBODY = "not shown", "not over yet", "nobody joined"


def cohort(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """The grid of the view's group, cohorts by age."""
    metric, title = retained_metric(derivation), derivation_title(derivation)
    if locked := desk.locked(key, title, [metric]):
        return locked
    grid = read_grid(desk, derivation, desk.view.slice, desk.view.member)
    sentence = _sentence(desk, title, grid)
    drawn = any(len(row.active) > 1 for row in grid.known)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.COHORT,
        sentence=sentence,
        drawing=_drawing(desk, grid) if drawn else None,
        sheet=_sheet(desk, grid),
        text=f"{sentence} Grid of {len(grid.rows)} cohorts by {max(grid.ages - 1, 0)} ages.",
        small_print=_small_print(desk, grid) if drawn else (),
        about=desk.about([metric]),
        notices=() if drawn else ("No cohort is old enough to be told of yet.",),
    )


def _sentence(desk: Desk, title: str, grid: CohortGrid) -> str:
    """The newest cohort of an age against all that joined before it: only an interval tells a difference."""
    age = _told_age(grid)
    if age is None:
        return f"{title} has no cohort that is old enough to be told of."
    reached = tuple(row for row in grid.known if age < len(row.active))
    newest, before = reached[-1], reached[:-1]
    there = "still there" if grid.stays else "there again"
    told = (
        f"{desk.text(newest.share(age), Unit.PERCENT)} of those who joined in {_period(desk, newest)} were "
        f"{there} {_aged(grid, age)} later"
    )
    if not before:
        return f"{told}."
    kept, joined = grid.pooled(age, before)
    rest = f"{desk.text(kept / joined, Unit.PERCENT)} of those who joined before"
    found = newcombe((kept, joined), (newest.active[age], newest.size or 0.0))
    if isinstance(found, Insufficient) or found.low <= 0 <= found.high:
        return f"{told}, and {rest}: no detectable difference."
    return f"{told}, {'more' if found.difference > 0 else 'fewer'} than the {rest}."


def _told_age(grid: CohortGrid) -> int | None:
    """A year where two cohorts have reached it; else the highest age that two, or one, have reached."""
    for fewest in (2, 1):
        reached = [
            age for age in range(1, grid.ages) if sum(age < len(row.active) for row in grid.known) >= fewest
        ]
        if reached:
            return min(reached[-1], A_YEAR[grid.by])
    return None


def _drawing(desk: Desk, grid: CohortGrid) -> Ages:
    ages = tuple(drawn_ages(grid.ages, MOST_AGES))
    rows, cells = [], []
    for place, row in enumerate(grid.rows):
        period = _period(desk, row)
        rows.append(f"{period} ({HIDDEN})" if row.size is None else f"{period} (n {desk.count(row.size)})")
        for column, age in enumerate(ages):
            share = row.share(age)
            cells.append(AgesCell(place, column, share, _short(share), _why_not(row, age) or _short(share)))
    return Ages(
        rows=tuple(rows),
        columns=tuple(str(age) for age in ages),
        cells=tuple(cells),
        row_name="Joined in",
        column_name=f"{grid.by.value.capitalize()}s after that of joining",
        board=desk.catalog.board,
    )


def _sheet(desk: Desk, grid: CohortGrid) -> Sheet:
    """Every age of every cohort, also those that the drawing leaves out."""
    columns = (
        Column("Joined in"),
        Column("Joined", Unit.COUNT),
        Column(f"Age in {grid.by.value}s", Unit.COUNT),
        Column("There", Unit.COUNT),
        Column("Share", Unit.PERCENT),
    )
    rows = []
    for row in grid.rows:
        for age in range(max(grid.ages, 1)):
            why = _why_not(row, age)
            number = None if why else row.active[age]
            share = row.share(age)
            rows.append(
                (
                    Field(_period(desk, row)),
                    Field(HIDDEN if row.size is None else desk.count(row.size), row.size),
                    Field(str(age), float(age)),
                    Field(why or desk.count(number), number),
                    Field(why or desk.text(share, Unit.PERCENT), share),
                )
            )
    return Sheet(columns, tuple(rows))


def _why_not(row: CohortRow, age: int) -> str:
    """Why a field has no figure; empty where it has one."""
    if row.size is None:
        return HIDDEN
    if not row.size:
        return NOBODY
    return "" if age < len(row.active) else NOT_OVER


def _small_print(desk: Desk, grid: CohortGrid) -> tuple[str, ...]:
    lines = ["an empty field is an age that is not over for all of a row"]
    hidden = sum(row.size is None for row in grid.rows)
    if hidden:
        least = desk.catalog.board.minimum_group
        lines.append(f"{hidden} rows are not shown, to protect groups of fewer than {least}")
    if grid.stays:
        lines.append("who comes back is there again")
    return tuple(lines)


def _aged(grid: CohortGrid, age: int) -> str:
    return f"{age} {grid.by.value}" if age == 1 else f"{age} {grid.by.value}s"


def _period(desk: Desk, row: CohortRow) -> str:
    return format_period(row.period, locale=desk.catalog.board.locale)


def _short(share: float | None) -> str:
    """Whole percents, for a narrow field; the table has more."""
    return "" if share is None else f"{share:.0%}"
