"""The lines of a register as a list: what is open, the oldest first, and what was done in the span."""

from datetime import date, timedelta

from dashboard.board.desk import Desk
from dashboard.board.gate import Entry, newest
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.texts import picked, text_metric
from dashboard.definitions.derivation import ENTRY, Derivation
from dashboard.definitions.model import PanelKind
from dashboard.ledger import months
from dashboard.measures.anonymising import shortened
from dashboard.units import MISSING, format_day, format_period

COLUMNS = ("Line", "Status", "Evidence", "Since", "Owner")
LONGEST = 60  # letters of evidence in a table
Line = tuple[str, Entry]


def lines(desk: Desk, key: str, register: Derivation) -> ExhibitPanel | LockedPanel:
    """Every line that was open at the end of the span, or done in it, by its newest entry until then."""
    title, known = derivation_title(register), text_metric(register)
    if locked := desk.locked(key, title, [known]):
        return locked
    end = min(desk.period.end, desk.today + timedelta(days=1))
    found = picked(desk, register, ENTRY, 0, months.span(desk.period)[1])
    entries = newest((each.member, each.value) for each in found)
    standing = [(line, entry) for line, entry in entries.items() if entry.day < end]
    open_ = sorted((each for each in standing if not each[1].done), key=_age)
    done = [each for each in standing if each[1].done]
    now = sorted((each for each in done if each[1].day >= desk.period.start), key=_age)
    sentence = _sentence(desk, title, len(open_), len(now))
    earlier = len(done) - len(now)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.LINES,
        sentence=sentence,
        drawing=None,
        sheet=Sheet(tuple(map(Column, COLUMNS)), tuple(_row(desk, each) for each in (*open_, *now))),
        text=f"{sentence} Table of {len(open_) + len(now)} lines.",
        small_print=(f"{earlier} done before are not listed",) if earlier else (),
        about=desk.about([known]),
        notices=() if standing else ("Nothing is entered yet.",),
    )


def _age(each: Line) -> tuple[date, str]:
    return each[1].day, each[0]


def _sentence(desk: Desk, title: str, open_: int, done: int) -> str:
    """`Milestones: 14 are open, 9 were done in Jul–Sept 2026.`"""
    span = format_period(desk.period, locale=desk.catalog.board.locale)
    stand, did = ("is" if open_ == 1 else "are"), ("was" if done == 1 else "were")
    return f"{title}: {open_} {stand} open, {done} {did} done in {span}."


def _row(desk: Desk, each: Line) -> tuple[Field, ...]:
    line, entry = each
    day = format_day(entry.day, locale=desk.catalog.board.locale)
    evidence = shortened(entry.evidence, LONGEST) or MISSING
    return tuple(map(Field, (line, entry.status, evidence, day, entry.owner or MISSING)))
