"""BoardPack -> everything that the document says, as plain values: cover, summary, pages and appendices."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from dashboard.board.commentary import Commentary
from dashboard.board.panels import (
    ExhibitPanel,
    FailedPanel,
    LockedPanel,
    PairPanel,
    Panel,
    TrendPanel,
)
from dashboard.board.provenance import Provenance
from dashboard.board.wording import signal_label
from dashboard.charts.theme import LIGHT
from dashboard.ledger.notes import NoteState
from dashboard.pack.document.panels import TONES, Part, definition_label, panel_parts, tone
from dashboard.pack.document.pictures import PagePictures
from dashboard.pack.markdown import paragraphs
from dashboard.pack.model import BoardPack, PackPage, RestatedFigure
from dashboard.units import format_day

MOST_ANSWERS = 30  # lines of the summary, which is one sheet
MOST_UNBROKEN = 1500  # letters that stay together on one sheet
SHEETS_OF_A_PAGE = "page {n} of {m}"


def contents(pack: BoardPack, pictures: Sequence[PagePictures], *, whole: bool = True) -> dict[str, Any]:
    """The data of the template, but for its fonts; `pictures` are those of each page.

    Without cover and summary unless it is `whole`.
    """
    parts: list[Part] = [*_summary(pack), *_since(pack)] if whole else []
    defined = frozenset(about.metric.id for about in pack.definitions)
    for page, drawn in zip(pack.pages, pictures, strict=True):
        parts += _page(pack, page, drawn, defined)
    parts += [*_restated(pack), *_definitions(pack), *_methods(pack)]
    moment = pack.known.astimezone(UTC)
    return {
        "title": f"{pack.spec.cover.title}, {pack.period_text}",
        "author": pack.board.organisation,
        "language": pack.board.locale.partition("_")[0],
        "keywords": [pack.code, f"run {pack.run}", f"definitions {pack.version}"],
        "date": {
            "year": moment.year,
            "month": moment.month,
            "day": moment.day,
            "hour": moment.hour,
            "minute": moment.minute,
            "second": moment.second,
        },
        "origin": pack.origin,
        "page_of": SHEETS_OF_A_PAGE,
        "page_short": "page",
        "colours": {
            name: getattr(LIGHT, name)
            for name in ("ink", "muted", "rule", "customer", "improvement", "concern", "neutral")
        },
        "cover": _cover(pack) if whole else None,
        "parts": parts,
    }


def _cover(pack: BoardPack) -> Part:
    return {
        "title": pack.spec.cover.title,
        "lines": [pack.period_text, pack.group, f"As of {pack.known_text}", pack.state_text],
        "text": pack.spec.cover.text,
        "recipients": pack.spec.recipients,
    }


def _heading(level: int, text: str, label: str | None = None) -> Part:
    return {"kind": "heading", "level": level, "text": text, "label": label}


def _text(kind: str, text: str) -> Part:
    return {"kind": kind, "text": text}


def _page_label(page: PackPage) -> str:
    return f"page-{page.shown.page.name}"


def _summary(pack: BoardPack) -> list[Part]:
    """The answers of all pages on one sheet: those with a signal first, as many as there is room for."""
    room = max(1, MOST_ANSWERS // max(1, len(pack.pages)) - 1)
    found = [_heading(1, "Summary", "summary")]
    for page in pack.pages:
        answers = sorted((_answer(panel) for panel in page.shown.panels), key=lambda each: not each["signal"])
        left_out = len(answers) - room
        if left_out > 1:
            answers = answers[:room]
            answers.append({"text": f"{left_out} more on the page.", "signal": "", "tone": "plain"})
        question = page.shown.page.question
        found.append({"kind": "answers", "question": question, "to": _page_label(page), "answers": answers})
    return found


def _answer(panel: Panel) -> Part:
    """A panel's sentence; the signal is that of its figures which have one."""
    if isinstance(panel, LockedPanel):
        return {"text": f"{panel.title}: not measured yet.", "signal": "", "tone": "plain"}
    if isinstance(panel, FailedPanel):
        return {"text": f"{panel.title}: could not be made.", "signal": "", "tone": "plain"}
    told = [] if isinstance(panel, ExhibitPanel) else list(_signals(panel))
    return {
        "text": panel.sentence,
        "signal": ", ".join(dict.fromkeys(label for label, _ in told)),
        "tone": told[0][1] if told else "plain",
    }


def _signals(panel: PairPanel | TrendPanel) -> list[tuple[str, str]]:
    return [
        (signal_label(reading), tone(reading.signal))
        for reading in panel.readings
        if reading.signal in TONES and reading.figure.value is not None
    ]


def _page(pack: BoardPack, page: PackPage, drawn: PagePictures, defined: frozenset[str]) -> list[Part]:
    shown = page.shown
    parts = [{"kind": "sheet_break"}, _text("small", shown.page.title)]
    parts += [_heading(1, shown.page.question, _page_label(page)), _text("small", shown.summary)]
    if shown.closed is not None:
        parts += [_text("small", line) for line in (shown.closed.line, shown.closed.restated_line) if line]
    parts += [_text("stated", line) for line in (*shown.failures, *shown.stale)]
    parts += [_note(pack, note) for note in page.notes_of("")]
    for panel in shown.panels:
        section = panel_parts(panel, drawn.get(panel.key), defined)
        notes = page.notes_of(panel.key)
        section["parts"] += [_note(pack, note) for note in notes]
        section["breakable"] |= sum(len(note.text) for note in notes) > MOST_UNBROKEN
        parts.append(section)
    return parts


def _note(pack: BoardPack, commentary: Commentary) -> Part:
    note = commentary.note
    state = ", draft" if note.state is NoteState.DRAFT else ""
    day = format_day(note.at.date(), locale=pack.board.locale)
    parts = [
        {
            "bullet": paragraph.bullet,
            "runs": [{"text": run.text, "bold": run.bold, "slanted": run.slanted} for run in paragraph.runs],
        }
        for paragraph in paragraphs(commentary.text)
    ]
    return {"kind": "note", "parts": parts, "signed": f"{note.author}, {day}{state}"}


def _since(pack: BoardPack) -> list[Part]:
    """What the reader of the last pack has to forget."""
    if pack.since is None:
        return []
    heads = ("Figure", "Group", "Page", "Last pack", "Now")
    columns = [
        {"name": name, "figures": name in ("Last pack", "Now"), "wide": name == "Figure"} for name in heads
    ]
    rows = [[each.figure, each.group, each.page, each.then, each.now] for each in pack.since.changed]
    told: list[Part] = [
        {"kind": "sheet_break"},
        _heading(1, "What changed since the last pack"),
        _text("text", pack.since.line),
    ]
    return [*told, {"kind": "table", "columns": columns, "rows": rows}] if rows else told


def _restated(pack: BoardPack) -> list[Part]:
    if not pack.restated:
        return []
    heads = ("Figure", "Period", "Closed", "Now", "Difference", "Likely cause")
    figures = ("Closed", "Now", "Difference")
    columns = [
        {"name": name, "figures": name in figures, "wide": name in ("Figure", "Likely cause")}
        for name in heads
    ]
    rows = [_restatement(each) for each in pack.restated]
    return [
        {"kind": "sheet_break"},
        _heading(1, "What was restated"),
        {"kind": "table", "columns": columns, "rows": rows},
    ]


def _restatement(found: RestatedFigure) -> list[str]:
    return [found.metric, found.period, found.then, found.now, found.difference, found.causes]


def _definitions(pack: BoardPack) -> list[Part]:
    if not pack.definitions:
        return []
    parts = [{"kind": "sheet_break"}, _heading(1, "What the figures mean")]
    for about in pack.definitions:
        facts = _facts(about)
        inside = [
            _heading(2, about.metric.name, definition_label(about.metric.id)),
            _text("text", about.metric.question),
            _text("text", about.metric.why),
            {"kind": "facts", "facts": [{"name": name, "text": text} for name, text in facts]},
        ]
        long = sum(len(text) for _, text in facts) > MOST_UNBROKEN
        parts.append({"kind": "section", "parts": inside, "breakable": long})
    return parts


def _facts(about: Provenance) -> list[tuple[str, str]]:
    metric = about.metric
    sources = [
        f"{item.key} = {item.text}, from {item.origin} in {item.source}"
        + (f" ({item.source_owner})" if item.source_owner else "")
        for item in about.ingredients
    ]
    told = [
        ("Formula", metric.formula_text),
        ("Made of", "; ".join(sources)),
        ("Owner", metric.owner),
        ("Direction", about.direction),
        ("Neighbour", about.neighbour),
        ("What we do", metric.action),
        ("Read with care", metric.pitfalls),
        ("Freshness", " ".join(state.line for state in about.freshness)),
        ("Definition from", metric.source),
        ("Definition version", metric.version),
        ("Changed", "; ".join(change.title(locale=about.locale) for change in about.changes)),
    ]
    return [(name, text) for name, text in told if text]


def _methods(pack: BoardPack) -> list[Part]:
    if not pack.methods:
        return []
    parts = [{"kind": "sheet_break"}, _heading(1, "How it is done")]
    for method in pack.methods:
        parts += [_heading(2, method.title), _text("text", method.text)]
    return parts
