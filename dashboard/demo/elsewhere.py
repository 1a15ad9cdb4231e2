"""Answers of those who are no customers: staff, managers, former customers, prospects and the public."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from dashboard.demo.answers import Sheets, agree, answer_table, recommend
from dashboard.demo.columns import keys, labelled
from dashboard.demo.people import Staff
from dashboard.demo.questions import QUESTION
from dashboard.demo.registry import COMPETITORS, DEPARTMENTS, FRONT_LINE
from dashboard.demo.timeline import MONTHS, Bools, Ints, Times, moments, stream
from dashboard.demo.truths import KNOWS_WHAT_I_NEED

_PULSE_SHARE = 0.40  # of the staff answer each month
_MANAGERS_SHARE = 0.85  # of the managers answer each quarter
_BRANDS = np.array([12.0, 8.0, 17.0, -4.0])  # Meridian and its competitors, in points
_PUBLIC = 0.012  # answers a month and brand, for each customer
_QUARTER_ENDS = 3

Told = tuple[Sheets | None, pa.Table]


def staff_answers(seed: int, staff: Staff) -> Iterator[Told]:
    """The monthly pulse and the managers' survey. Who answered is not kept: both are anonymous."""
    rng = stream(seed, "pulse")
    asked = np.flatnonzero(rng.random(len(staff.month)) < _PULSE_SHARE)
    at = moments(rng, staff.month[asked])
    order = np.argsort(at, kind="stable")
    asked, at = asked[order], at[order]
    department, managing = staff.department[asked], staff.level[asked] > 0
    sheets = Sheets("pulse", "employee", "employee", keys("RP", len(asked)), at)
    own = {"department_key": labelled(department, DEPARTMENTS), "respondent_type": _rank(managing)}
    question = QUESTION["enps_recommend"]
    yield (
        sheets,
        answer_table(sheets, question, recommend(rng, np.full(len(asked), question.level)), columns=own),
    )
    facing = np.flatnonzero(np.array(FRONT_LINE)[department])
    question = QUESTION["frontline_belief"]
    score = agree(rng, question, np.full(len(facing), question.level))
    columns = {name: column.take(pa.array(facing)) for name, column in own.items()}
    yield None, answer_table(sheets, question, score, which=facing, columns=columns)
    # Each rates a department that it depends on: `department_key` is the one that is rated.
    supplier = (department + rng.integers(1, len(DEPARTMENTS), len(asked))) % len(DEPARTMENTS)
    question = QUESTION["internal_ease"]
    lift = np.array([0.10, 0.02, 0.06, 0.0, -0.11, -0.08, 0.0, 0.03])[supplier]
    rated = {"department_key": labelled(supplier, DEPARTMENTS), "respondent_type": _rank(managing)}
    yield None, answer_table(sheets, question, agree(rng, question, question.level + lift), columns=rated)
    yield _managers(rng, staff)


def _rank(managing: Bools) -> pa.Array:
    return labelled(managing.astype(np.int64), ("employee", "manager"))


def _managers(rng: np.random.Generator, staff: Staff) -> Told:
    quarterly = (staff.month % _QUARTER_ENDS == _QUARTER_ENDS - 1) & (staff.level > 0)
    asked = np.flatnonzero(quarterly & (rng.random(len(quarterly)) < _MANAGERS_SHARE))
    at = np.sort(moments(rng, staff.month[asked]))
    sheets = Sheets("pulse", "manager", "manager", keys("RM", len(asked)), at)
    question = QUESTION[f"manager_{KNOWS_WHAT_I_NEED.item}"]
    return sheets, answer_table(sheets, question, agree(rng, question, np.full(len(asked), question.level)))


def public_answers(seed: int, customers: int) -> Told:
    """A panel of people who buy such services, whoever their provider is, about Meridian and three others."""
    rng = stream(seed, "category")
    size = max(round(customers * _PUBLIC), 3)
    month = np.repeat(np.arange(MONTHS), size * len(_BRANDS))
    brand = np.tile(np.repeat(np.arange(len(_BRANDS)), size), MONTHS)
    at = moments(rng, month)
    order = np.argsort(at, kind="stable")
    brand, at = brand[order], at[order]
    sheets = Sheets("nps", "category", "category", keys("RB", len(at)), at)
    columns = {"competitor": labelled(np.maximum(brand - 1, 0), COMPETITORS, brand == 0)}
    score = recommend(rng, _BRANDS[brand])
    return sheets, answer_table(sheets, QUESTION["brand_recommend"], score, columns=columns)


def interview_answers(
    seed: int, part: int, population: str, when: Times, names: Ints, customers: pa.Array | None
) -> Told:
    """What the former customers and lost prospects say who were interviewed at `when`."""
    rng = stream(seed, "voices", part if population == "former" else 1000)
    order = np.argsort(when, kind="stable")
    at = when[order]
    extra = {} if customers is None else {"customer_key": labelled(names[order], customers)}
    prefix = "RX" if population == "former" else "RY"
    sheets = Sheets("exit", population, population, keys(prefix, len(at), part), at, extra)
    question = QUESTION["exit_return" if population == "former" else "prospect_reconsider"]
    return sheets, answer_table(sheets, question, agree(rng, question, np.full(len(at), question.level)))
