"""Answers to surveys: how scores are drawn, and how they become rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import labelled, moment, table
from dashboard.demo.questions import (
    DELIGHTS,
    FRUSTRATIONS,
    SENTENCES,
    SENTENCES_EACH,
    THEMES,
    Question,
    wave_key,
)
from dashboard.demo.sayings import IN_BETWEEN, said
from dashboard.demo.timeline import DAY, END, FIRST_MONTH, MONTHS, Bools, Floats, Ints, Times, month_index

_PASSIVES = 0.30
_BEST = np.array([0.55, 0.45])  # 9 and 10
_MIDDLE = np.array([0.42, 0.58])  # 7 and 8
_WORST = np.array([0.05, 0.04, 0.07, 0.11, 0.15, 0.27, 0.31])  # 0 to 6
_SPOKEN = 0.25  # of those who may say why, the share who do
_FOLLOW_UP = 2 * DAY


@dataclass(frozen=True)
class Sheets:
    """Questionnaires that came back: `keys` and `extra` have a row a sheet, in order of time."""

    instrument: str
    population: str
    respondent: str
    keys: pa.Array
    answered_at: Times
    extra: Mapping[str, pa.Array] = field(default_factory=dict)  # columns that all its answers share

    @property
    def months(self) -> Ints:
        """The month, 0 to 59, of each."""
        return month_index(self.answered_at)

    def counted(self) -> Ints:
        """Sheets in each month, shape (60,)."""
        return np.bincount(self.months, minlength=MONTHS)


def recommend(rng: np.random.Generator, level: Floats) -> Ints:
    """Scores of 0 to 10 whose expected Net Promoter Score is `level`, an answer each."""
    best = (1 - _PASSIVES + level / 100) / 2
    draw = rng.random(len(level))
    middle = rng.choice([7, 8], size=len(level), p=_MIDDLE)
    worst = rng.choice(7, size=len(level), p=_WORST)
    top = rng.choice([9, 10], size=len(level), p=_BEST)
    return np.where(draw < best, top, np.where(draw < best + _PASSIVES, middle, worst)).astype(np.int64)


def agree(rng: np.random.Generator, question: Question, level: Floats) -> Ints:
    """Scores of agreement whose share in the good boxes is expected to be `level`, an answer each."""
    low, high = question.scale
    boxes = 3 if high == 7 else 2
    agrees = rng.random(len(level)) < level
    upper = high - rng.binomial(boxes - 1, 0.55, len(level))
    lower = high - boxes - rng.binomial(high - boxes - low, 0.35, len(level))
    score = np.where(agrees, upper, lower).astype(np.int64)
    return score if question.high_is_good else low + high - score


def answer_table(
    sheets: Sheets,
    question: Question,
    score: Ints,
    *,
    which: Ints | None = None,
    weight: Floats | None = None,
    columns: Mapping[str, pa.Array] | None = None,
) -> pa.Table:
    """A row per answer to one question; `which` are the sheets that have one (all, if left out).

    `score`, `weight` and `columns` have an element for each of these.
    """
    place = np.arange(len(sheets.answered_at)) if which is None else which
    months, at = sheets.months[place], sheets.answered_at[place]
    waves = [wave_key(sheets.instrument, sheets.population, FIRST_MONTH + month) for month in range(MONTHS)]
    count = len(place)
    zeros = np.zeros(count, np.int64)
    rows = pa.array(place)
    return table(
        "survey_response",
        months,
        {
            "response_key": sheets.keys.take(rows),
            "question_key": labelled(zeros, (question.key,)),
            "wave_key": labelled(months, waves),
            "respondent_type": labelled(zeros, (sheets.respondent,)),
            "score": score.astype(float),
            "weight": np.ones(count) if weight is None else weight,
            "answered_at": moment(at),
            **{name: column.take(rows) for name, column in sheets.extra.items()},
            **(columns or {}),
        },
    )


def follow_up(rng: np.random.Generator, at: Times, alarming: Bools) -> dict[str, pa.Array]:
    """Who said something alarming is to be called within two days; most are, some late, some never."""
    due = at + _FOLLOW_UP
    draw = rng.random(len(at))
    hours = np.where(draw < 0.79, rng.integers(1, 48, len(at)), rng.integers(50, 240, len(at)))
    called = at + hours.astype("m8[h]")
    never = ~alarming | (draw > 0.91) | (called >= END)
    return {"alert_due_at": moment(due, ~alarming), "alert_contacted_at": moment(called, never)}


def in_words(
    rng: np.random.Generator, pleased: Bools, vexed: Bools, share: float = _SPOKEN
) -> dict[str, pa.Array]:
    """What some of the pleased and the vexed say, and its theme; null for the others."""
    count = len(pleased)
    frustrating, delighting = len(FRUSTRATIONS), len(DELIGHTS)
    # The first theme of each list is named most often.
    draw = rng.random(count) ** 1.35
    theme = np.where(
        pleased, frustrating + (draw * delighting).astype(np.int64), (draw * frustrating).astype(np.int64)
    )
    silent = ~(pleased | vexed) | (rng.random(count) >= share)
    sentence = theme * SENTENCES_EACH + rng.integers(0, SENTENCES_EACH, count)
    return {"theme": labelled(theme, THEMES, silent), "verbatim": labelled(sentence, SENTENCES, silent)}


def put_in_full(
    rng: np.random.Generator, words: Mapping[str, pa.DictionaryArray], between: Bools
) -> dict[str, pa.Array]:
    """What was said as people put it, and what some of those `between` say, on any theme."""
    sentence, theme = (words[name].indices.fill_null(0).to_numpy() for name in ("verbatim", "theme"))
    count = len(between)
    quiet = np.where(
        between, rng.random(count) >= _SPOKEN, words["verbatim"].is_null().to_numpy(zero_copy_only=False)
    )
    sentence = np.where(between, len(SENTENCES) + rng.integers(0, len(IN_BETWEEN), count), sentence)
    theme = np.where(between, rng.integers(0, len(THEMES), count), theme)
    return {
        "theme": labelled(theme, THEMES, quiet),
        "verbatim": said(rng, sentence, (*SENTENCES, *IN_BETWEEN), quiet),
    }
