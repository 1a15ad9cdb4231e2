"""Who works at Meridian, month by month, who leaves, and what each believes the work to be."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import labelled, table
from dashboard.demo.registry import DEPARTMENTS, FRONT_LINE
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Bools, Floats, Ints, season, stream

LEVELS = ("front", "middle", "executive")
PRIORITIES = ("Solve the customer's problem", "Keep promises", "Sell", "Keep to handling times", "Report")
_DOCUMENTED = np.array(  # by level: what the role description says the hours are for
    [[0.45, 0.25, 0.10, 0.10, 0.10], [0.30, 0.25, 0.15, 0.15, 0.15], [0.30, 0.20, 0.20, 0.10, 0.20]]
)
_PERCEIVED = np.array(  # what people believe counts
    [[0.29, 0.17, 0.16, 0.27, 0.11], [0.20, 0.17, 0.22, 0.20, 0.21], [0.22, 0.18, 0.25, 0.11, 0.24]]
)
_SIZE = np.array([0.24, 0.20, 0.13, 0.08, 0.08, 0.14, 0.07, 0.06])  # share of the posts, by department
_LEAVES = np.array([0.019, 0.014, 0.018, 0.010, 0.011, 0.009, 0.010, 0.009])  # chance in a month
_SMALLEST_DEPARTMENT = 12  # so that no department vanishes below the minimum group
_FULL_TIME = 152.0  # hours a month
_OFFSHORE = np.array([0.22, 0.0, 0.0, 0.0, 0.15, 0.18, 0.0, 0.0])  # share of the posts, by department
_ABSENCE_REASONS = ("illness", "family", "other")


@dataclass(frozen=True)
class Staff:
    """A row per employee and month, months in order. A post whose holder left is filled the month after."""

    employee: Ints  # who: a number for each person that ever held a post
    month: Ints
    department: Ints  # index into DEPARTMENTS
    level: Ints  # index into LEVELS
    hours: Floats
    absent: Floats
    left: Bools
    offshore: Bools

    def leavers(self) -> Ints:
        """People who left in each month, shape (60,)."""
        return np.bincount(self.month[self.left], minlength=MONTHS)

    def headcount(self) -> Ints:
        """People in each month, shape (60,)."""
        return np.bincount(self.month, minlength=MONTHS)

    def absent_hours(self) -> Floats:
        """Hours of absence that nobody had planned, in each month, shape (60,)."""
        hours: Floats = np.bincount(self.month, weights=self.absent, minlength=MONTHS).astype(np.float64)
        return hours


def employ(seed: int, customers: int) -> Staff:
    """About twelve posts per thousand customers, in eight departments."""
    rng = stream(seed, "people")
    posts = np.maximum(np.rint(customers * 0.012 * _SIZE).astype(np.int64), _SMALLEST_DEPARTMENT)
    department = np.repeat(np.arange(len(DEPARTMENTS)), posts)
    count = len(department)
    rank = np.arange(count) - np.repeat(np.cumsum(posts) - posts, posts)
    level = np.where(rank == 0, 2, np.where(rank % 8 == 1, 1, 0))
    left = rng.random((MONTHS, count)) < _LEAVES[department]
    holder = np.vstack([np.zeros((1, count), np.int64), np.cumsum(left, axis=0)[:-1]])
    hours = _FULL_TIME * rng.choice([1.0, 0.8, 0.6], size=count, p=[0.7, 0.2, 0.1])
    away = rng.random((MONTHS, count)) < 0.34 * season(1, 0.18)[:, None]
    sick = away * 0.12 * rng.gamma(1.2, 1 / 1.2, (MONTHS, count))
    return Staff(
        employee=(np.arange(count)[None, :] + holder * count).ravel(),
        month=np.repeat(np.arange(MONTHS), count),
        department=np.tile(department, MONTHS),
        level=np.tile(level, MONTHS),
        hours=np.tile(hours, MONTHS),
        absent=np.round(np.minimum(sick, 1.0) * hours[None, :], 2).ravel(),
        left=left.ravel(),
        offshore=np.tile(rng.random(count) < _OFFSHORE[department], MONTHS),
    )


def employee_table(seed: int, staff: Staff) -> pa.Table:
    """One row per employee and month. Who is told, measured and targeted grew slowly; few are all three."""
    rng = stream(seed, "roles")
    count, month = len(staff.employee), staff.month
    person = stream(seed, "roles", 2).random((int(staff.employee.max()) + 1, 4))[staff.employee]
    progress = month / (MONTHS - 1)
    absent = staff.absent > 0
    met = rng.random(count) < 0.68
    told = person[:, 0] < 0.52 + 0.16 * progress
    measured = told & (person[:, 1] < 0.58 + 0.12 * progress)
    return table(
        "employee_month",
        month,
        {
            "employee_key": labelled(staff.employee, _names(staff)),
            "month": MONTH_STARTS[month],
            "department_key": labelled(staff.department, DEPARTMENTS),
            "level": labelled(staff.level, LEVELS),
            "customer_facing": np.array(FRONT_LINE)[staff.department],
            "headcount_fte": staff.hours / _FULL_TIME,
            "scheduled_h": staff.hours,
            "absent_unsched_h": staff.absent,
            "late_h": np.round(np.where(rng.random(count) < 0.25, rng.gamma(1.0, 0.9, count), 0.0), 2),
            "absence_reason": labelled(rng.choice(3, count, p=[0.71, 0.18, 0.11]), _ABSENCE_REASONS, ~absent),
            "one_to_one_done": met,
            "absence_reviewed": met & absent & (rng.random(count) < 0.57),
            "trained_12m": person[:, 2] < 0.44 + 0.1 * progress,
            "told": told,
            "measured": measured,
            "targeted": measured & (person[:, 3] < 0.6),
            "recognised_n": rng.poisson(0.09, count),
            "left_flag": staff.left,
            "offshore": staff.offshore,
        },
    )


def _names(staff: Staff) -> list[str]:
    return [f"E{number:07d}" for number in range(1, int(staff.employee.max()) + 2)]


def priority_table(seed: int, staff: Staff) -> pa.Table:
    """Each September: for what the hours are, by the role description and as each employee believes."""
    rng = stream(seed, "roles", 1)
    asked = np.flatnonzero((staff.month % 12 == 11) & (rng.random(len(staff.month)) < 0.93))
    level, count = staff.level[asked], len(PRIORITIES)
    blend = _PERCEIVED[level] * rng.gamma(9.0, 1 / 9.0, (len(asked), count))
    perceived = _whole_shares(blend)
    documented = _whole_shares(_DOCUMENTED[level])
    month = np.repeat(staff.month[asked], count)
    return table(
        "role_priority",
        month,
        {
            "employee_key": labelled(np.repeat(staff.employee[asked], count), _names(staff)),
            "as_of": MONTH_STARTS[month + 1] - np.timedelta64(1, "D"),
            "priority": labelled(np.tile(np.arange(count), len(asked)), PRIORITIES),
            "perceived_share": perceived.ravel(),
            "documented_share": documented.ravel(),
        },
    )


def _whole_shares(weights: Floats) -> Floats:
    """Shares in whole per cent that add up to 1 in each row: the first takes what rounding leaves."""
    percent: Floats = np.rint(100 * weights / weights.sum(axis=1, keepdims=True))
    percent[:, 0] += 100 - percent.sum(axis=1)
    percent /= 100
    return percent
