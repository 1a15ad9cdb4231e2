"""Speaker notes: what a presenter is asked next, and where every figure comes from."""

from collections.abc import Iterable, Sequence

from dashboard.board.commentary import Commentary
from dashboard.board.provenance import Provenance
from dashboard.board.sheet import Sheet
from dashboard.pack.markdown import paragraphs
from dashboard.pack.model import BoardPack, PackPage
from dashboard.pack.plain_text import plain_text
from dashboard.units import format_day


def panel_notes(
    pack: BoardPack,
    page: PackPage,
    about: Sequence[Provenance],
    notes: Sequence[Commentary],
    *,
    text: str = "",
    sheet: Sheet | None = None,
) -> str:
    """Everything behind a slide; `sheet` where the drawing is a picture and cannot hold its data."""
    parts = [
        page.shown.page.question,
        text,
        *(definition_text(each) for each in about),
        _filters(pack),
        _restatements(page),
        *(_commentary(each) for each in notes),
        "" if sheet is None else sheet_text(sheet),
    ]
    return plain_text("\n\n".join(part for part in parts if part))


def definition_text(about: Provenance) -> str:
    """What a metric is, in lines."""
    metric = about.metric
    base = metric.base_text
    lines = [
        f"{metric.name} ({metric.unit.value}, {about.direction})",
        f"Question: {metric.question}",
        f"Why: {metric.why}",
        f"Formula: {metric.formula_text}",
        *([f"n: {base}"] if base else []),
        f"Owner: {metric.owner}",
        *([f"Action: {metric.action}"] if metric.action else []),
        *([f"Definition from: {metric.source}"] if metric.source else []),
        *([f"Pitfalls: {metric.pitfalls}"] if metric.pitfalls else []),
        *([f"Neighbour: {about.neighbour}"] if about.neighbour else []),
        *(source_lines(about)),
        *(state.line for state in about.freshness),
        *(state.stale for state in about.freshness if state.stale),
        f"Definition version: {metric.version}",
        *(change.title(locale=about.locale) for change in about.changes),
    ]
    return "\n".join(lines)


def source_lines(about: Provenance) -> Iterable[str]:
    """Each measure under a metric with its dataset and source."""
    for each in about.ingredients:
        owner = f", owned by {each.source_owner}" if each.source_owner else ""
        yield f"Source: {each.key} = {each.text}, of {each.origin} in {each.source}{owner}"


def sheet_text(sheet: Sheet) -> str:
    """A table as text, fields parted by tabs."""
    rows = ["\t".join(column.name for column in sheet.columns)]
    return "\n".join([*rows, *("\t".join(field.text for field in row) for row in sheet.rows)])


def _filters(pack: BoardPack) -> str:
    last = format_day(pack.period.last_day, locale=pack.board.locale)
    return "\n".join(
        (
            f"Filters: {pack.group}; period {pack.period_text}, ended {last}.",
            f"As of {pack.known_text}, run {'none' if pack.run is None else pack.run}, "
            f"definitions {pack.version}.",
            pack.state_text,
        )
    )


def _restatements(page: PackPage) -> str:
    closed = page.shown.closed
    if closed is None:
        return ""
    return "\n".join((closed.line, f"{closed.restated_line} since then.", *closed.restated))


def _commentary(note: Commentary) -> str:
    told = "\n".join(each.text for each in paragraphs(note.text))
    return f"Commentary ({note.note.state.value}, {note.note.author}, {note.note.at:%Y-%m-%d}):\n{told}"
