"""Cohorts worked out one entity after the other: slow, and plain enough to be read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from dashboard.periods import FiscalCalendar, Grain
from tests.derivations.slow_bridge import UNKNOWN


def slow_cohort(  # noqa: C901 - one measure after the other
    rows: Sequence[Mapping[str, Any]],
    *,
    by: Grain,
    ages: Sequence[int],
    dimension: str,
    until: date,
    calendar: FiscalCalendar,
) -> dict[tuple[Any, ...], float]:
    """(line, slice, member, first day of the period) -> value, at the grain `by`, of events."""
    dated = [row for row in rows if row["day"] is not None]
    if not dated:
        return {}
    first, last = (
        calendar.containing(by, edge) for edge in (min(r["day"] for r in dated), max(r["day"] for r in dated))
    )
    periods = list(calendar.between(by, first.start, last.start))
    found: dict[tuple[Any, ...], float] = {}

    def add(line: str, cut: tuple[str, ...], member: tuple[str, ...], at: date, value: float) -> None:
        found[line, cut, member, at] = found.get((line, cut, member, at), 0.0) + value

    table = pd.DataFrame([row for row in dated if row["customer"] is not None])
    groups = table.groupby("customer") if len(table) else []
    for place, period in enumerate(periods):
        over = [age for age in range(len(periods) - place) if periods[place + age].end <= until]
        add("size", (), (), period.start, 0)
        for age in over:
            for line in ("size", "active", "value"):
                add(line, ("age",), (str(age),), period.start, 0)
        if over:
            add("active", (), (), period.start, 0)
            add("value", (), (), period.start, 0)
        for age in ages:
            if place >= age:
                add(f"starting_{age}", (), (), period.start, 0)
                add(f"retained_{age}", (), (), period.start, 0)
    for _, history in groups:
        born = min(history.day)
        member = min(
            UNKNOWN if pd.isna(each) or each is None else each
            for each in history[history.day == born][dimension]
        )
        cohort = next(place for place, period in enumerate(periods) if period.start <= born < period.end)
        for cut, of in (((), ()), ((dimension,), (member,))):
            _entity(add, history, periods, cohort, cut, of, ages, until)
    return found


def _entity(add, history, periods, cohort, cut, of, ages, until) -> None:
    start = periods[cohort].start
    add("size", cut, of, start, 1)
    for age, period in enumerate(periods[cohort:]):
        inside = history[(history.day >= period.start) & (history.day < period.end)]
        value, there = inside.amount.sum(), len(inside) > 0
        if period.end <= until:
            aged, named = ("age", *cut), (str(age), *of)
            add("size", aged, named, start, 1)
            for place in ((cut, of), (aged, named)):
                add("active", *place, start, int(there))
                add("value", *place, start, value)
        if age in ages:
            add(f"starting_{age}", cut, of, period.start, 1)
            add(f"retained_{age}", cut, of, period.start, int(there))
