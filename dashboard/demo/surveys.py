"""What customers answer, survey by survey."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo.answers import Sheets, agree, answer_table, follow_up, in_words, put_in_full, recommend
from dashboard.demo.columns import keys, labelled
from dashboard.demo.conditions import Conditions
from dashboard.demo.customers import Lifecycle
from dashboard.demo.long_form import filled_in
from dashboard.demo.questions import QUESTION, Question
from dashboard.demo.registry import CHANNELS, JOURNEYS
from dashboard.demo.timeline import MONTHS, Bools, Floats, Ints, moments, pick, stream
from dashboard.demo.truths import KNOWS_WHAT_I_NEED, SATISFACTION_SKEW

_SHARE = {"nps": 0.10, "csat": 0.032, "ces": 0.036, "trust": 0.03}  # of the customers, in a month
_ROLES = ("decides", "influences", "uses")
_ROLE_SHARE = np.array([[0.86, 0.06, 0.08], [0.50, 0.22, 0.28], [0.28, 0.34, 0.38]])  # by segment
_JOURNEY_SHARE = np.array([0.10, 0.30, 0.20, 0.08, 0.22, 0.10])
_CHANNEL_SHARE = np.array([0.26, 0.14, 0.36, 0.18, 0.0, 0.02, 0.04])
_CHANNEL_LIFT = np.array([0.0, 0.04, -0.02, 0.01, 0.0, 0.0, -0.08])
_OLD_EFFORT_UNTIL = 18  # months in which effort was asked the old way as well
_SPEAKS_OF = {"frustration": 0.42, "delight": 0.46}  # of the sheets, the share that names one


@dataclass(frozen=True)
class Asked:
    """Customers who filled in a survey, a row a sheet, and what they lean to."""

    who: Ints
    month: Ints
    leaning: Floats  # points of NPS
    sheets: Sheets


def answer(
    seed: int, lifecycle: Lifecycle, conditions: Conditions, customers: int
) -> Iterator[tuple[Sheets | None, pa.Table]]:
    """The answers to each question; with the first table of a survey come its sheets, to be counted."""
    rng = stream(seed, "surveys", lifecycle.part)
    for survey in (_loyalty, _satisfaction, _effort, _trust):
        asked, tables = survey(rng, lifecycle, conditions, customers)
        sheets: Sheets | None = asked.sheets
        for made in tables:
            yield sheets, made
            sheets = None


def _ask(
    rng: np.random.Generator, lifecycle: Lifecycle, instrument: str, customers: int, odds: float = 1.0
) -> Asked:
    """A new random sample of the active customers each month; long-standing ones are `odds` as likely."""
    months, people = [], []
    for number in range(MONTHS):
        active = np.flatnonzero(lifecycle.active[:, number])
        size = min(round(customers * _SHARE[instrument] * rng.normal(1.0, 0.04)), len(active) // 2)
        likely = np.where(_long_standing(lifecycle, active, number), odds, 1.0)
        # The smallest of exponential waiting times: a sample without replacement, in proportion to the odds.
        waiting = rng.exponential(1.0, len(active)) / likely
        first = np.argpartition(waiting, max(size, 1))[: max(size, 1)]
        chosen = active[np.sort(first)]  # else their order, and with it who answers when, is the processor's
        months.append(np.full(len(chosen), number))
        people.append(chosen)
    month, who = np.concatenate(months), np.concatenate(people)
    at = moments(rng, month)
    order = np.lexsort((who, at))
    month, who, at = month[order], who[order], at[order]
    segment, region = lifecycle.segment[who], lifecycle.region[who]
    leaning = np.array([-0.9, 2.5, 5.5])[segment] + np.array([1.5, -1.0, 0.0, 1.0, 0.0, -3.5])[region]
    role = (rng.random(len(who))[:, None] > _ROLE_SHARE.cumsum(axis=1)[segment, :-1]).sum(axis=1)
    extra = {"customer_key": labelled(who, lifecycle.keys), "buyer_role": labelled(role, _ROLES)}
    names = keys(f"R{instrument[0].upper()}", len(who), lifecycle.part)
    return Asked(who, month, leaning, Sheets(instrument, "customer", "customer", names, at, extra))


def _long_standing(lifecycle: Lifecycle, who: Ints, month: Ints | int) -> Bools:
    long: Bools = month - lifecycle.entry[who] >= SATISFACTION_SKEW.tenure_months
    return long


def _loyalty(
    rng: np.random.Generator, lifecycle: Lifecycle, conditions: Conditions, customers: int
) -> tuple[Asked, list[pa.Table]]:
    asked = _ask(rng, lifecycle, "nps", customers)
    score = recommend(rng, conditions.nps[asked.month] + asked.leaning)
    columns = follow_up(rng, asked.sheets.answered_at, score <= 6)
    words = in_words(rng, score >= 9, score <= 6)
    [apart] = rng.spawn(1)  # how it is put changes nothing else of the survey
    columns |= put_in_full(apart, words, (score == 7) | (score == 8))
    tables = [answer_table(asked.sheets, QUESTION["nps_recommend"], score, columns=columns)]
    for key, share in _SPEAKS_OF.items():
        which = np.flatnonzero(rng.random(len(score)) < share)
        pleased = np.full(len(which), key == "delight")
        said = in_words(rng, pleased, ~pleased, share=1.0)
        spoken = rng.random(len(which)) < 0.3
        said["verbatim"] = pc.call_function(
            "if_else", [pa.array(spoken), said["verbatim"].cast(pa.string()), pa.scalar(None, pa.string())]
        )
        question = QUESTION[key]
        scored = agree(rng, question, np.full(len(which), question.level))
        tables.append(answer_table(asked.sheets, question, scored, which=which, columns=said))
    [longer] = rng.spawn(1)  # nor does the long form
    which, answers = filled_in(longer, score)
    tables += [
        answer_table(asked.sheets, QUESTION[key], scored, which=which) for key, scored in answers.items()
    ]
    return asked, tables


def _satisfaction(
    rng: np.random.Generator, lifecycle: Lifecycle, conditions: Conditions, customers: int
) -> tuple[Asked, list[pa.Table]]:
    """The skewed survey: the weights undo that long-standing customers answer more often."""
    skew = SATISFACTION_SKEW
    asked = _ask(rng, lifecycle, "csat", customers, odds=skew.odds)
    long = _long_standing(lifecycle, asked.who, asked.month)
    share = np.array(
        [
            _long_standing(lifecycle, np.flatnonzero(lifecycle.active[:, month]), month).mean()
            for month in range(MONTHS)
        ]
    )[asked.month]
    weight = (1 + (skew.odds - 1) * share) / np.where(long, skew.odds, 1.0)
    path = conditions.agreement["csat"][asked.month] + asked.leaning / 200
    lifted = path + skew.lift * (long - share)
    tables = []
    for key in ("csat_overall", "value_for_money", "expects_more", KNOWS_WHAT_I_NEED.item):
        question = QUESTION[key]
        # What Meridian knows of them does not depend on how content they are.
        level = question.level + {"csat_overall": lifted, "value_for_money": path}.get(key, 0 * path)
        score = agree(rng, question, level)
        columns = follow_up(rng, asked.sheets.answered_at, score <= 2) if key == "csat_overall" else None
        tables.append(answer_table(asked.sheets, question, score, weight=weight, columns=columns))
    return asked, tables


def _effort(
    rng: np.random.Generator, lifecycle: Lifecycle, conditions: Conditions, customers: int
) -> tuple[Asked, list[pa.Table]]:
    """Asked after a journey: how easy it was, how the contact was, and how the whole of it was."""
    asked = _ask(rng, lifecycle, "ces", customers)
    count = len(asked.who)
    journey, channel = pick(rng, _JOURNEY_SHARE, count), pick(rng, _CHANNEL_SHARE, count)
    end = np.array([journey.end_score for journey in JOURNEYS])
    toil = 0.3 * (end - (end * _JOURNEY_SHARE).sum() / _JOURNEY_SHARE.sum())[journey]
    path = conditions.agreement["ces"][asked.month] + asked.leaning / 200
    where = {
        "journey_key": labelled(journey, [item.key for item in JOURNEYS]),
        "channel_key": labelled(channel, CHANNELS),
    }

    def scored(key: str, level: Floats) -> tuple[Question, Ints]:
        question = QUESTION[key]
        return question, agree(rng, question, level)

    touch = QUESTION["csat_contact"].level + _CHANNEL_LIFT[channel] + asked.leaning / 200
    tables = [
        answer_table(
            asked.sheets, *scored("ces_easy", QUESTION["ces_easy"].level + path + toil), columns=where
        ),
        answer_table(asked.sheets, *scored("csat_contact", touch), columns=where),
        answer_table(asked.sheets, *scored("journey_end", end[journey] + path), columns=where),
    ]
    old = np.flatnonzero(asked.month < _OLD_EFFORT_UNTIL)
    question, score = scored("ces_effort", QUESTION["ces_effort"].level + (path + toil)[old])
    columns = {name: column.take(pa.array(old)) for name, column in where.items()}
    return asked, [*tables, answer_table(asked.sheets, question, score, which=old, columns=columns)]


def _trust(
    rng: np.random.Generator, lifecycle: Lifecycle, conditions: Conditions, customers: int
) -> tuple[Asked, list[pa.Table]]:
    asked = _ask(rng, lifecycle, "trust", customers)
    path = conditions.agreement["trust"][asked.month] + asked.leaning / 200
    straight, complain = QUESTION["trust_straight"], QUESTION["easy_to_complain"]
    return asked, [
        answer_table(asked.sheets, straight, agree(rng, straight, straight.level + path)),
        answer_table(asked.sheets, complain, agree(rng, complain, np.full(len(path), complain.level))),
    ]
