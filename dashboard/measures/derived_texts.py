"""Texts that a rule picks: what some said, drawn by lot, and the newest entries of a register.

Few rows leave the source: one for each stratum, group and month of voices, one for each line and month of a
register. Each becomes a member of a slice. The lot of a text does not depend on the others, so the text of a
quarter is that of its months that drew the lowest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement, Select, Subquery

from connectors.dialects import lot
from dashboard.definitions.derivation import ENTRY, TEXTS, VOICE, Derivation, Register, Voices, texts_read
from dashboard.definitions.expressions import Column
from dashboard.definitions.model import Slice
from dashboard.measures.anonymising import anonymised, clean, shortened
from dashboard.measures.cut import MONTH, Cut, Piece, as_text, group, label, member_of, months_of, rows_of
from dashboard.measures.derived_rows import DerivedRows
from dashboard.measures.frame import Value
from dashboard.measures.sharing import together
from dashboard.measures.spans import Asked, first_day
from dashboard.periods import month_of

Element = ColumnElement[Any]
TOLD, ANSWERS, PLACE = "told", "answers", "place"
TEXT, SCORE, STRATUM, LOT = "text", "score", "stratum", "lot"
STATUS, EVIDENCE, OWNER, LINE, DONE, DAY = "status", "evidence", "owner", "line", "done", "day"
LOT_DIGITS = 8  # hexadecimal: as a number they are exact
LONGEST_FIELD = 120


@dataclass(frozen=True)
class CountStatement:
    """One row per slice, member and month: how many rows there are, and how many texts."""

    select: Select[Any]
    cut: Cut

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The slices that it answers for."""
        return self.cut.slices

    def values(self, derivation: Derivation, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """How many texts there are by month; n is the rows that they are among."""
        for cut, member, months in months_of(self.cut, rows):
            for month, (_, answers, told) in sorted(months.items()):
                period = month_of(first_day(month))
                if asked.holds(period):
                    yield Value(
                        f"{derivation.name}.{TEXTS}", period, cut, member, int(told or 0), int(answers)
                    )


@dataclass(frozen=True)
class VoiceStatement:
    """One row per member, month and stratum: score, text, lot, and how many rows the member has."""

    select: Select[Any]
    slices: tuple[Slice, ...]

    def values(self, derivation: Derivation, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """Each text, masked, as a member; the value is its lot, n the answers of its group in the month."""
        strata = tuple(derivation.rule.strata) if isinstance(derivation.rule, Voices) else ()
        for *members, month, stratum, score, text, drawn, answers in rows:
            period = month_of(first_day(month))
            shown = shortened(anonymised(str(text)))
            if shown and asked.holds(period):
                member = (*members, strata[int(stratum)], "" if score is None else f"{score:g}", shown)
                yield Value(
                    f"{derivation.name}.{TEXTS}",
                    period,
                    self.slices[0],
                    member,
                    int(drawn[:LOT_DIGITS], 16),
                    int(answers),
                )


@dataclass(frozen=True)
class EntryStatement:
    """One row per line and month, of the newest entry: its fields, its day, and whether it is done."""

    select: Select[Any]
    slices: tuple[Slice, ...]
    rows: DerivedRows

    def values(self, derivation: Derivation, rows: Iterable[Sequence[Any]], asked: Asked) -> Iterator[Value]:
        """Each entry as a member; the value is 1 where it counts as done."""
        for month, line, status, evidence, owner, latest, done in rows:
            period = month_of(first_day(month))
            day = self.rows.event.day_of(latest)
            if asked.holds(period) and day is not None:
                told = (
                    shortened(clean(each or ""), LONGEST_FIELD) for each in (line, status, evidence, owner)
                )
                member = (*told, day.isoformat())
                yield Value(f"{derivation.name}.{TEXTS}", period, ENTRY, member, int(done), 1)


TextStatement = CountStatement | VoiceStatement | EntryStatement


def text_statements(
    derivation: Derivation, rule: Voices | Register, rows: DerivedRows, *, minimum: int
) -> tuple[TextStatement, ...]:
    """How many texts there are, and those that the rule picks; of groups with `minimum` rows in the month."""
    if isinstance(rule, Register):
        return (*_counts(rows, rule, ((),), sa.literal_column("1")), _entries(rule, rows))
    told = sa.case((_speaks(rule, rows), 1), else_=0)
    slices = ((), rule.by) if rule.by else ((),)
    return (*_counts(rows, rule, slices, told), _voices(derivation, rule, rows, minimum))


def _counts(
    rows: DerivedRows, rule: Voices | Register, slices: tuple[Slice, ...], told: Element
) -> Iterator[CountStatement]:
    for each in together(slices, rows.relation.dialect):
        cut = _cut(rows, rule, each, {TOLD: told}, (Piece(ANSWERS, "count"), Piece(TOLD, "sum", TOLD)))
        yield CountStatement(group(cut), cut)


def _speaks(rule: Voices, rows: DerivedRows) -> Element:
    """Whether a row has a text that may be shown."""
    text = rows.relation.column(rule.text)
    return sa.and_(rows.condition(rule.consent), sa.func.trim(text) != sa.literal(""))


def _voices(derivation: Derivation, rule: Voices, rows: DerivedRows, minimum: int) -> VoiceStatement:
    """The text with the lowest lot of each member, month and stratum."""
    relation = rows.relation
    seed, key = (
        sa.literal(f"{derivation.name} ", sa.String()),
        as_text(relation, rule.key, relation.column(rule.key)),
    )
    strata = (
        (rows.condition(each), sa.literal(place, sa.Integer()))
        for place, each in enumerate(rule.strata.values())
    )
    computed = {
        MONTH: rows.event.month,
        STRATUM: sa.case(*strata),
        SCORE: sa.null() if rule.score is None else relation.column(rule.score),
        TEXT: relation.column(rule.text),
        LOT: lot(seed + sa.func.coalesce(key, sa.literal("", sa.String()))),
        TOLD: sa.case((_speaks(rule, rows), 1), else_=0),
    }
    facts = rows_of(_cut(rows, rule, (rule.by,), computed, ())).subquery("facts")
    by = [*(facts.c[label(name)] for name in rule.by), facts.c[MONTH]]
    answers = sa.func.count().over(partition_by=by).label(ANSWERS)
    counted = sa.select(*facts.c, answers).subquery("counted")
    by = [*(counted.c[label(name)] for name in rule.by), counted.c[MONTH], counted.c[STRATUM]]
    place = sa.func.row_number().over(partition_by=by, order_by=[counted.c[LOT], counted.c[TEXT]])
    drawn = (
        sa.select(*counted.c, place.label(PLACE))
        .where(
            counted.c[TOLD] == 1, counted.c[STRATUM].is_not(None), counted.c[ANSWERS] >= sa.literal(minimum)
        )
        .subquery("drawn")
    )
    members = [member_of(relation, name, drawn.c[label(name)]) for name in rule.by]
    names = (MONTH, STRATUM, SCORE, TEXT, LOT, ANSWERS)
    return VoiceStatement(_first(drawn, members, names), ((*rule.by, *VOICE),))


def _entries(rule: Register, rows: DerivedRows) -> EntryStatement:
    """The newest entry of each line and month; of several of one moment, the last by its own words."""
    relation, line = rows.relation, Column(rows.entity)
    fields = {LINE: line, STATUS: rule.status, EVIDENCE: rule.evidence, OWNER: rule.owner}
    computed = {
        MONTH: rows.event.month,
        **{name: as_text(relation, each, relation.column(each)) for name, each in fields.items()},
        DAY: rows.event.latest,
        DONE: sa.case((rows.condition(rule.done), 1), else_=0),
    }
    facts = rows_of(_cut(rows, rule, ((),), computed, ())).subquery("facts")
    newest = [facts.c[DAY].desc(), *(sa.func.coalesce(facts.c[name], "").desc() for name in fields)]
    place = sa.func.row_number().over(partition_by=[facts.c[MONTH], facts.c[LINE]], order_by=newest)
    drawn = sa.select(*facts.c, place.label(PLACE)).subquery("drawn")
    names = (MONTH, LINE, STATUS, EVIDENCE, OWNER, DAY, DONE)
    return EntryStatement(_first(drawn, [], names), (ENTRY,), rows)


def _cut(
    rows: DerivedRows,
    rule: Voices | Register,
    slices: tuple[Slice, ...],
    computed: Mapping[str, Element],
    pieces: tuple[Piece, ...],
) -> Cut:
    return Cut(
        relation=rows.relation,
        slices=slices,
        computed={MONTH: rows.event.month, **computed},
        keys=(),
        pieces=pieces,
        where=rows.counted,
        lookups=rows.lookups(*texts_read(rule)),
    )


def _first(drawn: Subquery, members: Sequence[Element], names: Sequence[str]) -> Select[Any]:
    return (
        sa.select(*members, *(drawn.c[name] for name in names))
        .where(drawn.c[PLACE] == 1)
        .order_by(*(drawn.c[name] for name in names[:2]))
    )
