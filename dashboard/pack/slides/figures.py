"""What stands beside a drawing: the figures with their change and signal in words, and why we measure it."""

from collections.abc import Iterable, Sequence

from dashboard.board.commentary import Commentary
from dashboard.board.panels import Exhibited, ExhibitPanel
from dashboard.board.provenance import Provenance
from dashboard.board.reading import Reading
from dashboard.board.wording import change_text, detail_lines, headline_text, signal_label
from dashboard.charts.theme import LIGHT
from dashboard.ledger.notes import NoteState
from dashboard.pack.markdown import Run, paragraphs
from dashboard.pack.slides.fitting import Words, words

NAME, FIGURE, TOLD, SMALL, BODY = 12.0, 24.0, 12.0, 9.5, 11.0
COMPACT = 15.0
SPACIOUS = 2  # readings that stand with large figures


def figure_words(panel: Exhibited) -> tuple[Words, ...]:
    """The figures of a panel's readings, or of an exhibit its small print; warnings about the data last."""
    found: list[Words] = []
    if isinstance(panel, ExhibitPanel):
        found += [words(line, SMALL + 1, before=4) for line in (*panel.notices, *panel.small_print)]
    else:
        for place, reading in enumerate(panel.readings):
            label = panel.labels[place] if panel.labels else ""
            found += reading_words(reading, label, large=len(panel.readings) <= SPACIOUS)
        found += [words(line, SMALL, muted=True, before=6) for line in panel.notices]
    stale = (item.stale for about in panel.about for item in about.freshness if item.stale)
    return (*found, *(words(line, SMALL, muted=True, before=6) for line in dict.fromkeys(stale)))


def reading_words(reading: Reading, label: str, *, large: bool) -> tuple[Words, ...]:
    """Name, figure, change and signal, and the small print under them."""
    name = label if label and reading.view.slice else reading.metric.name
    change = change_text(reading)
    told = f"{change} · {signal_label(reading)}" if change else signal_label(reading)
    lines = [
        words(name, NAME, bold=True, before=8),
        words(
            headline_text(reading),
            FIGURE if large else COMPACT,
            bold=True,
            colour=LIGHT.line(reading.metric.side),
        ),
        words(told, TOLD),
    ]
    details = " · ".join(detail_lines(reading))
    return (*lines, words(details, SMALL, muted=True)) if details else tuple(lines)


def why_words(about: Sequence[Provenance]) -> tuple[Words, ...]:
    """Why each metric is measured and who answers for it; the same reason once."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for each in about:
        if not each.metric.owner:  # a line of a statement: the statement is owned by its dataset
            continue
        names = reasons.setdefault((each.metric.why, each.metric.owner), [])
        names.append(each.metric.name)
    found = [words("Why we measure it", NAME, bold=True)]
    for (why, owner), names in reasons.items():
        named = f"{names[0]}: " if len(reasons) > 1 and len(names) == 1 else ""
        answers = f" Owner: {owner}." if owner else ""
        found.append(words(f"{named}{why}{answers}", BODY, before=2))
    return tuple(found) if reasons else ()


def commentary_words(notes: Iterable[Commentary], size: float = BODY) -> tuple[Words, ...]:
    """Notes with their authors; what nobody has approved yet says so."""
    found: list[Words] = []
    for each in notes:
        note = each.note
        state = "" if note.state is NoteState.APPROVED else "draft, "
        found.append(
            words(f"Commentary ({state}{note.author}, {note.at:%Y-%m-%d})", size, bold=True, before=8)
        )
        found += [
            Words(
                tuple(Run(run.text, run.bold, run.slanted) for run in each.runs),
                size,
                None,
                False,
                each.bullet,
                2,
            )
            for each in paragraphs(each.text)
        ]
    return tuple(found)
