"""The sixty months, their clocks, and random numbers that depend on seed, subject and part alone."""

from datetime import date

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]

MONTHS = 60
FIRST_MONTH = np.datetime64("2021-10", "M")
MONTH_STARTS: Times = np.arange(FIRST_MONTH, FIRST_MONTH + MONTHS + 1).astype(
    "M8[D]"
)  # 61: the last one closes
LAST_DAY = date(2026, 9, 30)
END = np.datetime64("2026-10-01T00:00:00", "us")  # the first moment without data
TIME_ZONE = "Europe/Amsterdam"
DAY = np.timedelta64(1, "D")
WEEK = 7 * DAY

# The numbers tell one of the possible histories: one in which the known changes can be seen month by month.
_STREAMS = {
    "customers": 0,
    "contacts": 104,
    "complaints": 453,
    "people": 5,
    "spending": 6,
    "conditions": 7,
    "exits": 8,
    "traits": 10,
    "outcomes": 11,
    "waves": 12,
    "serving": 13,
    "books": 14,
    "spells": 15,
    "journeys": 16,
    "messages": 17,
    "promises": 18,
    "prospects": 19,
    "category": 20,
    "pulse": 21,
    "roles": 22,
    "board": 23,
    "initiatives": 24,
    "purchases": 40,
    "surveys": 60,
    "voices": 61,
    "farewells": 62,
}
_OFFICE_HOURS = np.array([0] * 8 + [3, 6, 8, 8, 6, 6, 8, 8, 7, 6, 5, 6, 6, 3, 0, 0], dtype=float)
_ALL_HOURS = _OFFICE_HOURS + np.array(
    [1.0, 1.0, 0.0] + [0.5] * 21
)  # never 02:00 to 03:00, which summer time skips


def stream(seed: int, subject: str, part: int = 0) -> np.random.Generator:
    """A generator of its own for each subject and part: a change in one leaves the others as they were."""
    return np.random.default_rng([seed, _STREAMS[subject], part])


def moments(rng: np.random.Generator, months: Ints, *, all_hours: bool = False) -> Times:
    """A local time stamp (second precision, as M8[us]) in each of the given months, 0 to 59."""
    starts = MONTH_STARTS[months]
    days = (MONTH_STARTS[months + 1] - starts).astype(np.int64)
    weights = _ALL_HOURS if all_hours else _OFFICE_HOURS
    hours = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], rng.random(len(months)), side="right")
    seconds = rng.integers(0, 3600, len(months))
    day = (rng.random(len(months)) * days).astype(np.int64)
    when: Times = starts.astype("M8[us]") + ((day * 24 + hours) * 3600 + seconds).astype("m8[s]")
    return when


def pick(rng: np.random.Generator, shares: Floats, count: int) -> Ints:
    """`count` draws from 0 to n - 1 with the given shares, shape (n,), which need not add up to 1."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(edges[:-1], rng.random(count), side="right").astype(np.int64)


def month_index(when: Times) -> Ints:
    """The month, 0 to 59, that a time stamp falls in; outside the simulation it is below 0 or above 59."""
    return (when.astype("M8[M]") - FIRST_MONTH).astype(np.int64)


def utc(local: Times) -> Times:
    """Local time stamps as moments in UTC. In the hour that summer time skips or repeats, as in summer."""
    changes = np.concatenate([_changes(year) for year in range(2010, 2031)])
    summer = np.searchsorted(changes, local.astype("M8[us]"), side="right") % 2
    moment: Times = local.astype("M8[us]") - (1 + summer).astype("m8[h]")
    return moment


def _changes(year: int) -> Times:
    """When summer time begins and ends by the local clock: the last Sundays of March and October."""
    last_days = np.array([f"{year}-03-31", f"{year}-10-31"], dtype="M8[D]")
    sundays = last_days - (last_days.astype(np.int64) + 4) % 7  # day 3 of the epoch was a Sunday
    changes: Times = sundays.astype("M8[us]") + np.array([2, 3], dtype="m8[h]")
    return changes


def season(peak_month: int, size: float) -> Floats:
    """A yearly wave round 1, shape (60,), highest in the given calendar month."""
    calendar_month = (np.arange(MONTHS) + 9) % 12 + 1
    wave: Floats = 1.0 + size * np.cos(2 * np.pi * (calendar_month - peak_month) / 12)
    return wave


def wandering(
    rng: np.random.Generator, months: int, *, spread: float, memory: float, breaks: tuple[int, ...] = ()
) -> Floats:
    """A first-order autoregression of the given length and, about, standard deviation.

    It has mean 0 in each part that `breaks` cut it into, so that a known shift between them keeps its size.
    """
    shocks = rng.normal(0.0, spread * np.sqrt(1 - memory**2), months)
    path = np.empty(months)
    level = rng.normal(0.0, spread)
    for index in range(months):
        level = memory * level + shocks[index]
        path[index] = level
    return np.concatenate([part - part.mean() for part in np.split(path, breaks)])
