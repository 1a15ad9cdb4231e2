"""Who works at Meridian, month by month, and who leaves."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.schema import DEPARTMENTS, labelled
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Bools, Floats, Ints, season, stream

_SIZE = np.array([0.24, 0.20, 0.13, 0.08, 0.08, 0.14, 0.07, 0.06])  # share of the posts, by department
_FACING = np.array([True, True, True, True, False, False, False, False])
_LEAVES = np.array([0.019, 0.014, 0.018, 0.010, 0.011, 0.009, 0.010, 0.009])  # chance in a month
_SMALLEST_DEPARTMENT = 12  # so that no department vanishes below the minimum group


@dataclass(frozen=True)
class Staff:
    """A row per employee and month, months in order. A post whose holder left is filled the month after."""

    employee: Ints  # who: a number for each person that ever held a post
    month: Ints
    department: Ints  # index into DEPARTMENTS
    level: Ints  # 0 front, 1 middle, 2 executive
    hours: Floats
    absent: Floats
    left: Bools

    def leavers(self) -> Ints:
        """People who left in each month, shape (60,)."""
        return np.bincount(self.month[self.left], minlength=MONTHS)

    def headcount(self) -> Ints:
        """People in each month, shape (60,)."""
        return np.bincount(self.month, minlength=MONTHS)


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
    hours = 152.0 * rng.choice([1.0, 0.8, 0.6], size=count, p=[0.7, 0.2, 0.1])
    sick = 0.042 * season(1, 0.18)[:, None] * rng.gamma(0.5, 2.0, (MONTHS, count))
    return Staff(
        employee=(np.arange(count)[None, :] + holder * count).ravel(),
        month=np.repeat(np.arange(MONTHS), count),
        department=np.tile(department, MONTHS),
        level=np.tile(level, MONTHS),
        hours=np.tile(hours, MONTHS),
        absent=(np.minimum(sick, 1.0) * hours[None, :]).ravel(),
        left=left.ravel(),
    )


def employee_table(staff: Staff) -> pa.Table:
    """One row per employee and month."""
    return pa.table(
        {
            "employee_key": [f"E{number:07d}" for number in (staff.employee + 1).tolist()],
            "month": MONTH_STARTS[staff.month],
            "department_key": labelled(staff.department, DEPARTMENTS),
            "level": labelled(staff.level, ("front", "middle", "executive")),
            "customer_facing": _FACING[staff.department],
            "headcount_fte": staff.hours / 152.0,
            "scheduled_h": staff.hours,
            "absent_unsched_h": staff.absent,
            "left_flag": staff.left,
        }
    )


def department_table() -> pa.Table:
    """The eight departments."""
    functions = ("service", "delivery", "sales", "sales", "finance", "it", "marketing", "hr")
    labels = [key.replace("_", " ").capitalize() for key in DEPARTMENTS]
    labels[DEPARTMENTS.index("network_it")] = "Network and IT"
    return pa.table(
        {"department_key": DEPARTMENTS, "label": labels, "front_line": _FACING, "function": functions}
    )
