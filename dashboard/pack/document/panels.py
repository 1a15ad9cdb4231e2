"""A panel -> the parts of a document that show it: plain values, which the template sets."""

from typing import Any

from dashboard.analysis.change import Signal
from dashboard.board.panels import ExhibitPanel, FailedPanel, LockedPanel, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading
from dashboard.board.sheet import Sheet
from dashboard.board.wording import change_text, detail_lines, headline_text, signal_label
from dashboard.definitions.model import PanelKind
from dashboard.pack.document.pictures import PanelPictures, Picture

Part = dict[str, Any]
TONES = {
    Signal.IMPROVED: "good",
    Signal.WORSENED: "bad",
    Signal.SHIFTED_UP: "other",
    Signal.SHIFTED_DOWN: "other",
}
SHORT = 14  # letters: a column of longer texts would leave none of the sheet to the first
WIDE_TABLE = 24  # rows; a longer one runs on to the next sheet, with its heads


def panel_parts(panel: Panel, pictures: PanelPictures | None, defined: frozenset[str]) -> Part:
    """One panel as a section. `defined` are the metrics that the document defines further on."""
    match panel:
        case LockedPanel(_, title, datasets):
            told = f"Locked. This exhibit opens as soon as this data is measured: {', '.join(datasets)}."
            return _stated(title, told)
        case FailedPanel(_, title, message):
            return _stated(title, message)
        case ExhibitPanel():
            return _exhibit(panel, pictures)
        case PairPanel() | TrendPanel():
            return _readings(panel, pictures, defined)


def tone(signal: Signal) -> str:
    """How a signal is coloured; its word says the same."""
    return TONES.get(signal, "plain")


def _stated(title: str, told: str) -> Part:
    return _section([_heading(title), {"kind": "stated", "text": told}])


def _section(parts: list[Part], *, breakable: bool = False) -> Part:
    return {"kind": "section", "parts": parts, "breakable": breakable}


def _heading(text: str) -> Part:
    return {"kind": "heading", "level": 2, "text": text, "label": None}


def _small(lines: tuple[str, ...]) -> list[Part]:
    return [{"kind": "small", "text": line} for line in lines if line]


def _exhibit(panel: ExhibitPanel, pictures: PanelPictures | None) -> Part:
    if panel.kind is PanelKind.NOTE:
        said = [{"kind": "text", "text": line} for line in panel.notices]
        return _section([_heading(panel.sentence), *said])
    parts = [_heading(panel.sentence), *_small(panel.notices)]
    picture = pictures.pictures[0] if pictures else None
    as_table = panel.kind is PanelKind.STATEMENT or panel.drawing is None
    if picture is not None and not as_table:
        parts.append({"kind": "picture", **_picture(picture)})
    long = False
    if as_table and panel.sheet.columns:
        parts.append(sheet_part(panel.sheet))
        long = len(panel.sheet.rows) > WIDE_TABLE
    elif as_table and panel.text and panel.text != panel.sentence:
        parts.append({"kind": "text", "text": panel.text})
    return _section([*parts, *_small((" · ".join(panel.small_print),))], breakable=long)


def sheet_part(sheet: Sheet) -> Part:
    """A table with its heads; what figures and short texts leave, the first column and long texts share."""
    longest = [
        max((len(row[place].text) for row in sheet.rows), default=0) for place in range(len(sheet.columns))
    ]
    columns = [
        {"name": column.name, "figures": column.unit is not None, "wide": not place or letters > SHORT}
        for place, (column, letters) in enumerate(zip(sheet.columns, longest, strict=True))
    ]
    rows = [[field.text for field in row] for row in sheet.rows]
    return {"kind": "table", "columns": columns, "rows": rows}


def _readings(panel: PairPanel | TrendPanel, pictures: PanelPictures | None, defined: frozenset[str]) -> Part:
    drawn = pictures.pictures if pictures else (None,) * len(panel.readings)
    labels = panel.labels or tuple(
        f"{reading.metric.name} · {reading.metric.side.value}" for reading in panel.readings
    )
    figures = [
        _reading(reading, label, picture, defined)
        for reading, label, picture in zip(panel.readings, labels, drawn, strict=True)
    ]
    notices = list(panel.notices)
    if not figures:
        notices.append("No group has been measured in this slice yet.")
    if isinstance(panel, TrendPanel) and panel.left_out:
        notices.append(f"The {len(figures)} largest groups are drawn, {panel.left_out} more are not.")
    a_row = 1 if len(figures) == 1 else 2
    rows = [figures[at : at + a_row] for at in range(0, len(figures), a_row)]
    parts = [
        _heading(panel.sentence),
        *_small(tuple(notices)),
        {"kind": "readings", "abreast": a_row, "rows": rows},
    ]
    return _section(parts, breakable=len(rows) > 1)


def _reading(reading: Reading, label: str, picture: Picture | None, defined: frozenset[str]) -> Part:
    return {
        "label": label,
        "to": definition_label(reading.metric.id) if reading.metric.id in defined else None,
        "value": headline_text(reading),
        "change": change_text(reading),
        "signal": signal_label(reading),
        "tone": tone(reading.signal),
        "small": " · ".join(detail_lines(reading)),
        "picture": None if picture is None else _picture(picture),
    }


def _picture(picture: Picture) -> Part:
    return {"svg": picture.svg, "alt": picture.alt, "width": picture.width}


def definition_label(metric: str) -> str:
    """Where a document defines a metric, for links."""
    return f"definition-{metric}"
