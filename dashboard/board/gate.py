"""A gate: whether every line of a register is done, by evidence that is recent enough."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.ledger.book import Member
from dashboard.periods import add_months


class Standing(StrEnum):
    """How far a line is answered."""

    ANSWERED = "answered"
    NOT_DONE = "not done"
    NO_EVIDENCE = "done, without evidence"
    TOO_OLD = "done, but the evidence is too old"
    NO_ENTRY = "no entry"


@dataclass(frozen=True)
class Entry:
    """The newest entry of a line: how it stands in the words of the register, and whether that is done."""

    status: str
    evidence: str
    owner: str
    day: date
    done: bool


def newest(texts: Iterable[tuple[Member, float]]) -> Mapping[str, Entry]:
    """By line, the entry of the newest day; `texts` are members of a register, with 1 where it is done."""
    found: dict[str, Entry] = {}
    for (line, status, evidence, owner, day), value in texts:
        entry = Entry(status, evidence, owner, date.fromisoformat(day), value > 0)
        if line not in found or found[line].day < entry.day:
            found[line] = entry
    return found


def standing(entry: Entry | None, oldest: date) -> Standing:
    """How far a line is answered by its newest entry; evidence from before the day `oldest` is too old."""
    if entry is None:
        return Standing.NO_ENTRY
    if not entry.done:
        return Standing.NOT_DONE
    if not entry.evidence:
        return Standing.NO_EVIDENCE
    return Standing.ANSWERED if entry.day >= oldest else Standing.TOO_OLD


def is_passed(standings: Sequence[Standing]) -> bool:
    """Whether every line is answered; of no lines nothing is."""
    return bool(standings) and all(each is Standing.ANSWERED for each in standings)


def oldest_day(end: date, months: int) -> date:
    """The first day from which evidence counts, `months` before the day `end`."""
    first = add_months(end, -months)
    return first.replace(day=min(end.day, calendar.monthrange(first.year, first.month)[1]))
