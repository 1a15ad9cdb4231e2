"""A bridge worked out entity by entity and month by month: slow, and plain enough to be read."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.measures.spans import first_day, number

UNKNOWN = "(unknown)"
NONE = 0.000001


def slow_bridge(
    rows: Sequence[Mapping[str, Any]],
    *,
    over: int,
    slices: Sequence[tuple[str, ...]],
    split: str | None = None,
    members: Sequence[str] = (),
) -> dict[tuple[Any, ...], tuple[float, int | None]]:
    """(line, slice, member, first of the month) -> value and n, of events."""
    table = pd.DataFrame(rows, columns=["day", "customer", "amount", "segment", "origin"])
    dated = table[table.day.notna()].copy()
    if dated.empty:
        return {}
    dated["month"] = [number(day) for day in dated.day]
    first, last = dated.month.min(), dated.month.max()
    found: dict[tuple[Any, ...], list[float]] = {}
    for month in range(first + 2 * over - 1, last + 1):
        for cut in slices:
            _lines(found, dated, month, over, cut, split, members)
    return {
        place: (round(value, 6), None if place[0].startswith("moved") else count)
        for place, (value, count) in _told(found).items()
    }


def _lines(  # noqa: C901 - one line of the bridge after the other
    found: dict[tuple[Any, ...], list[float]],
    dated: pd.DataFrame,
    month: int,
    over: int,
    cut: tuple[str, ...],
    split: str | None,
    members: Sequence[str],
) -> None:
    day = first_day(month)
    names = ["opening", "lost", "contracted", "expanded", "reactivated", "new"]
    names += [*(f"new_{member}" for member in members), *(["new_other"] if members else [])]
    names += ["moved", "closing", "below_zero"]

    def add(name: str, member: tuple[str, ...], value: float, count: int = 1) -> None:
        for line in names:
            found.setdefault((line, cut, member, day), [0.0, 0])
        place = found[name, cut, member, day]
        place[0] += value
        place[1] += count

    if not cut:
        add("opening", (), 0.0, 0)
    for _, history in dated[dated.customer.notna()].groupby("customer"):
        by_month = history.groupby("month").amount.sum()
        opening, closing = _window(by_month, month - over, over), _window(by_month, month, over)
        before = any(_window(by_month, at, over) > NONE for at in range(by_month.index.min(), month - over))
        was, is_ = opening > NONE, closing > NONE
        then, now = (_member(history, at, cut) for at in (month - over, month))
        if was:
            add("opening", then, opening)
        if was and not is_:
            add("lost", then, opening)
        if was and is_ and closing > opening + NONE:
            add("expanded", then, closing - opening)
        if was and is_ and closing < opening - NONE:
            add("contracted", then, opening - closing)
        if is_:
            add("closing", now, closing)
        if is_ and not was:
            add("reactivated" if before else "new", now, closing)
            if not before and members:
                [origin] = _member(history, month, (split or "",))
                add(f"new_{origin}" if origin in members else "new_other", now, closing)
        if was and is_ and then != now:
            add("moved", then, -closing, -1)
            add("moved", now, closing, 1)
        if closing < -NONE:
            add("below_zero", now, closing)


def _window(by_month: "pd.Series[float]", last: int, over: int) -> float:
    return float(by_month[(by_month.index > last - over) & (by_month.index <= last)].sum())


def _member(history: pd.DataFrame, month: int, cut: tuple[str, ...]) -> tuple[str, ...]:
    """What the entity's last row up to the month says; of several rows at one time, the first member."""
    so_far = history[history.month <= month]
    if so_far.empty:
        return (UNKNOWN,) * len(cut)
    newest = so_far[so_far.day == so_far.day.max()]
    return tuple(min(_text(each) for each in newest[name]) for name in cut)


def _text(value: Any) -> str:
    return UNKNOWN if value is None or pd.isna(value) else str(value)


def _told(found: Mapping[tuple[Any, ...], list[float]]) -> dict[tuple[Any, ...], tuple[float, int]]:
    """Each line with its count as a line of its own; members in which nobody is are left out."""
    there = {place[1:] for place, (_, count) in found.items() if count}
    told: dict[tuple[Any, ...], tuple[float, int]] = {}
    for (line, cut, member, day), (value, count) in found.items():
        if not cut or (cut, member, day) in there:
            told[line, cut, member, day] = (value, int(count))
            told[f"{line}_count", cut, member, day] = (count, int(count))
    return told
