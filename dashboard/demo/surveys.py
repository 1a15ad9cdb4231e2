"""What customers and staff say: waves, questions and answers in long form, one row per answer."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dashboard.demo.customers import Lifecycle
from dashboard.demo.people import Staff
from dashboard.demo.schema import DEPARTMENTS, keys, labelled
from dashboard.demo.timeline import MONTH_STARTS, MONTHS, Floats, Ints, Times, moments, stream, wandering
from dashboard.demo.truths import (
    EFFORT,
    EMPLOYEE_NPS,
    NPS_BASE,
    NPS_RISE,
    NPS_TO_REVENUE_GROWTH,
    SATISFACTION,
    TRUST,
)

_PASSIVES = 0.30
_BEST = np.array([0.55, 0.45])  # 9 and 10
_MIDDLE = np.array([0.42, 0.58])  # 7 and 8
_WORST = np.array([0.05, 0.04, 0.07, 0.11, 0.15, 0.27, 0.31])  # 0 to 6


@dataclass(frozen=True)
class Question:
    """A question that recurs in every wave of its instrument."""

    key: str
    instrument: str
    text: str
    scale: tuple[int, int]
    about: str


QUESTIONS = (
    Question(
        "nps_recommend",
        "nps",
        "How likely are you to recommend us to a friend or colleague?",
        (0, 10),
        "buyer",
    ),
    Question("ces_easy", "ces", "Meridian made it easy for me to handle my issue.", (1, 7), "buyer"),
    Question("trust_straight", "trust", "Meridian plays it straight with me.", (1, 5), "company"),
    Question("csat_overall", "csat", "How satisfied are you with Meridian?", (1, 5), "company"),
    Question(
        "enps_recommend",
        "pulse",
        "How likely are you to recommend us as a place to work?",
        (0, 10),
        "company",
    ),
)
_SHARE = {"nps_recommend": 0.039, "ces_easy": 0.022, "trust_straight": 0.020, "csat_overall": 0.016}
_PULSE_SHARE = 0.40  # of the staff answer each month


@dataclass(frozen=True)
class Answers:
    """The answers to one question. `who` is a customer, or a row of the staff's months."""

    question: int
    month: Ints
    who: Ints
    score: Ints
    answered_at: Times


def loyalty_path(seed: int) -> Floats:
    """How far NPS is from its level, from nine months before the simulation on, shape (69,)."""
    lead = NPS_TO_REVENUE_GROWTH.lag_months
    rng = stream(seed, "sentiment")
    return wandering(rng, MONTHS + lead, spread=2.2, memory=0.4, breaks=(lead + NPS_RISE.month - 1,))


def answer(
    seed: int, customers: int, lifecycle: Lifecycle, staff: Staff, loyalty: Floats
) -> tuple[Answers, ...]:
    """All answers, a question at a time."""
    rng = stream(seed, "surveys")
    nps = NPS_BASE + NPS_RISE.path() + loyalty[NPS_TO_REVENUE_GROWTH.lag_months :]
    found = []
    for index, question in enumerate(QUESTIONS):
        if question.instrument == "pulse":
            month = staff.month
            asked = np.flatnonzero(rng.random(len(month)) < _PULSE_SHARE)
            score = _recommend(rng, np.full(len(asked), EMPLOYEE_NPS.level))
            found.append(_stamped(rng, index, month[asked], asked, score))
            continue
        month, who = _respondents(rng, lifecycle, customers * _SHARE[question.key])
        segment, region = lifecycle.segment[who], lifecycle.region[who]
        leaning = np.array([-0.9, 2.5, 5.5])[segment] + np.array([1.5, -1.0, 0.0, 1.0, 0.0, -3.5])[region]
        if question.instrument == "nps":
            score = _recommend(rng, nps[month] + leaning)
        else:
            score = _agree(rng, question, month, leaning / 200)
        found.append(_stamped(rng, index, month, who, score))
    return tuple(found)


def _stamped(rng: np.random.Generator, question: int, month: Ints, who: Ints, score: Ints) -> Answers:
    at = moments(rng, month)
    order = np.lexsort((who, at))
    return Answers(question, month[order], who[order], score[order], at[order])


def _respondents(rng: np.random.Generator, lifecycle: Lifecycle, expected: float) -> tuple[Ints, Ints]:
    """Months and customers: a simple random sample of the active ones, a new one each month."""
    months, people = [], []
    for month in range(MONTHS):
        active = np.flatnonzero(lifecycle.active[:, month])
        size = min(round(expected * rng.normal(1.0, 0.04)), len(active))
        chosen = rng.choice(active, size=max(size, 1), replace=False)
        months.append(np.full(len(chosen), month))
        people.append(chosen)
    return np.concatenate(months), np.concatenate(people)


def _recommend(rng: np.random.Generator, level: Floats) -> Ints:
    """Scores of 0 to 10 whose expected Net Promoter Score is `level`, an answer each."""
    best = (1 - _PASSIVES + level / 100) / 2
    draw = rng.random(len(level))
    middle = rng.choice([7, 8], size=len(level), p=_MIDDLE)
    worst = rng.choice(7, size=len(level), p=_WORST)
    top = rng.choice([9, 10], size=len(level), p=_BEST)
    return np.where(draw < best, top, np.where(draw < best + _PASSIVES, middle, worst)).astype(np.int64)


_LEVELS = {"ces": EFFORT.level, "trust": TRUST.level, "csat": SATISFACTION.level}
_WANDERS = {"ces": 0.006, "trust": 0.006, "csat": 0.02}


def _agree(rng: np.random.Generator, question: Question, month: Ints, leaning: Floats) -> Ints:
    """Scores of agreement: the share in the upper boxes (5 to 7 of 7, 4 and 5 of 5) is the known level."""
    low, high = question.scale
    boxes = 3 if high == 7 else 2
    level = _LEVELS[question.instrument]
    path = level + wandering(rng, MONTHS, spread=_WANDERS[question.instrument], memory=0.2)
    agrees = rng.random(len(month)) < path[month] + leaning
    upper = high - rng.binomial(boxes - 1, 0.55, len(month))
    lower = high - boxes - rng.binomial(high - boxes - low, 0.35, len(month))
    return np.where(agrees, upper, lower).astype(np.int64)


def response_table(answers: tuple[Answers, ...], customers: int, staff: Staff) -> pa.Table:
    """One row per answer. Samples are simple random ones, so every weight is 1."""
    tables, offset = [], 0
    for part in answers:
        question = QUESTIONS[part.question]
        count, staffed = len(part.who), question.instrument == "pulse"
        nobody = np.full(count, True)
        nothing = np.zeros(count, np.int64)
        waves = [f"{question.instrument}-{month}" for month in MONTH_STARTS[:MONTHS].astype("M8[M]")]
        tables.append(
            pa.table(
                {
                    "response_key": [f"R{number:07d}" for number in range(offset + 1, offset + count + 1)],
                    "question_key": [question.key] * count,
                    "wave_key": labelled(part.month, waves).cast(pa.string()),
                    "customer_key": labelled(
                        nothing if staffed else part.who, keys("C", customers), nobody if staffed else None
                    ).cast(pa.string()),
                    # Who of the staff answered is not kept: the pulse is anonymous.
                    "employee_key": pa.nulls(count, pa.string()),
                    "department_key": labelled(
                        staff.department[part.who] if staffed else nothing,
                        DEPARTMENTS,
                        None if staffed else nobody,
                    ).cast(pa.string()),
                    "respondent_type": ["employee" if staffed else "customer"] * count,
                    "score": part.score.astype(float),
                    "weight": np.ones(count),
                    "answered_at": part.answered_at,
                }
            )
        )
        offset += count
    return pa.concat_tables(tables)


def wave_table(seed: int, answers: tuple[Answers, ...]) -> pa.Table:
    """A wave per instrument and month: how many were invited, reached and answered."""
    rng = stream(seed, "waves")
    tables = []
    for part in answers:
        instrument = QUESTIONS[part.question].instrument
        done = np.bincount(part.month, minlength=MONTHS)
        rate = _PULSE_SHARE if instrument == "pulse" else 0.21
        reached = np.maximum(np.rint(done / (rate * rng.normal(1.0, 0.03, MONTHS))).astype(np.int64), done)
        tables.append(
            pa.table(
                {
                    "wave_key": [f"{instrument}-{month}" for month in MONTH_STARTS[:MONTHS].astype("M8[M]")],
                    "instrument": [instrument] * MONTHS,
                    "population": ["employee" if instrument == "pulse" else "customer"] * MONTHS,
                    "invited": np.rint(reached * 1.03).astype(np.int64),
                    "delivered": reached,
                    "completed": done,
                    "opened": MONTH_STARTS[:MONTHS],
                    "closed": MONTH_STARTS[1:] - np.timedelta64(1, "D"),
                }
            )
        )
    return pa.concat_tables(tables)


def question_table() -> pa.Table:
    """The questions, with their scales."""
    return pa.table(
        {
            "question_key": [question.key for question in QUESTIONS],
            "text": [question.text for question in QUESTIONS],
            "scale_min": [question.scale[0] for question in QUESTIONS],
            "scale_max": [question.scale[1] for question in QUESTIONS],
            "high_is_good": [True] * len(QUESTIONS),
            "about": [question.about for question in QUESTIONS],
            "probes": ["neutral"] * len(QUESTIONS),
            "item_id": [question.key for question in QUESTIONS],
        }
    )
