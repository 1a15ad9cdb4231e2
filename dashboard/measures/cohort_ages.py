"""Who was there, by cohort and age, becomes the measures of a cohort. An age that is not over is not told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.definitions.derivation import AGE, Cohort, Derivation
from dashboard.definitions.model import Slice
from dashboard.measures.cut import members_of
from dashboard.measures.derived_cohort import LENGTHS, CohortStatement
from dashboard.measures.event_time import EARLIEST, LATER
from dashboard.measures.frame import Value
from dashboard.measures.spans import Asked

Found = dict[int, tuple[float, int]]  # first month of a period -> value, and the entities behind it


@dataclass(frozen=True)
class Periods:
    """The periods of the data by their first months: the first, the newest, and the newest that is over."""

    first: int
    last: int
    complete: int


@dataclass
class Group:
    """One member: who is there by cohort and period, their value, and the size of each cohort."""

    active: dict[tuple[int, int], int]
    value: dict[tuple[int, int], float]
    size: dict[int, int]


def cohort_values(
    derivation: Derivation,
    rule: Cohort,
    answers: Iterable[tuple[CohortStatement, Sequence[Sequence[Any]]]],
    known: Periods | None,
    asked: Asked,
) -> Iterator[Value]:
    """The values of every measure; nothing where there are no rows."""
    if known is None:
        return
    length = LENGTHS[rule.by]
    for statement, rows in answers:
        for (cut, member), group in _groups(statement, rows, known, length).items():
            for name, found, age in _measures(rule, group, known, length):
                if age is None or len(cut) < 2:
                    at = (cut, member) if age is None else ((AGE, *cut), (str(age), *member))
                    yield from _told(f"{derivation.name}.{name}", found, at, asked)


def _groups(
    statement: CohortStatement, rows: Sequence[Sequence[Any]], known: Periods, length: int
) -> Mapping[tuple[Slice, tuple[str, ...]], Group]:
    found: dict[tuple[Slice, tuple[str, ...]], Group] = {}
    if () in statement.slices:
        found[(), ()] = Group({}, {}, dict.fromkeys(range(known.first, known.last + 1, length), 0))
    for cut, member, (cohort, period, active, value, size) in members_of(statement.cut, rows):
        if EARLIEST <= cohort < LATER:
            group = found.setdefault((cut, member), Group({}, {}, {}))
            group.active[cohort, period] = int(active)
            group.value[cohort, period] = float(value or 0)
            if period == cohort:
                group.size[cohort] = int(size)
    if statement.changes:
        for group in found.values():
            _run(group, known, length)
    return found


def _run(group: Group, known: Periods, length: int) -> None:
    """Turn changes into what there is after them, for every period up to the newest."""
    for cohort in group.size:
        active, value = 0, 0.0
        for period in range(cohort, known.last + 1, length):
            active += group.active.get((cohort, period), 0)
            value += group.value.get((cohort, period), 0.0)
            group.active[cohort, period], group.value[cohort, period] = active, value if active else 0.0


def _measures(
    rule: Cohort, group: Group, known: Periods, length: int
) -> Iterator[tuple[str, Found, int | None]]:
    """Name, values by period, and the age that they are of: None for those of all ages."""
    yield "size", {cohort: (size, size) for cohort, size in group.size.items()}, None
    whole: dict[str, Found] = {"active": {}, "value": {}}
    for age in range((known.complete - known.first) // length + 1 if known.complete >= known.first else 0):
        reached = [cohort for cohort in group.size if cohort + age * length <= known.complete]
        there: Found = {}
        worth: Found = {}
        for cohort in reached:
            place = (cohort, cohort + age * length)
            active = group.active.get(place, 0)
            there[cohort] = (active, active)
            worth[cohort] = (group.value.get(place, 0.0), active)
        if not reached:
            continue
        yield "size", {cohort: (group.size[cohort], group.size[cohort]) for cohort in reached}, age
        for name, found in (("active", there), ("value", worth)):
            if name == "active" or rule.value is not None:
                yield name, found, age
                _add(whole[name], found)
    yield "active", whole["active"], None
    if rule.value is not None:
        yield "value", whole["value"], None
    for age in rule.ages:
        later = {
            cohort + age * length: cohort for cohort in group.size if cohort + age * length <= known.last
        }
        starting: Found = {period: (group.size[of], group.size[of]) for period, of in later.items()}
        yield f"starting_{age}", starting, None
        retained = {period: group.active.get((of, period), 0) for period, of in later.items()}
        yield f"retained_{age}", {period: (count, count) for period, count in retained.items()}, None


def _add(whole: Found, found: Found) -> None:
    for cohort, (value, n) in found.items():
        value_so_far, n_so_far = whole.get(cohort, (0, 0))
        whole[cohort] = (value_so_far + value, n_so_far + n)


def _told(measure: str, found: Found, at: tuple[Slice, tuple[str, ...]], asked: Asked) -> Iterator[Value]:
    """The values of a measure that adds up, at the grains at which such ones are recorded."""
    months = sorted(found)
    for grain in asked.additive_grains():
        for period, start, end in asked.periods(grain, months):
            parts = [found[month] for month in months[start:end]]
            value, n = sum(value for value, _ in parts), sum(n for _, n in parts)
            yield Value(measure, period, *at, value, n)
