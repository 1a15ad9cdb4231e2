"""Journeys of customers across departments, step by step."""

import numpy as np
import pyarrow as pa

from dashboard.demo.columns import keys, labelled, moment, table
from dashboard.demo.customers import NEW, Lifecycle
from dashboard.demo.deliveries import happenings
from dashboard.demo.registry import DEPARTMENTS, JOURNEYS
from dashboard.demo.timeline import END, MONTHS, Floats, Ints, Times, moments, month_index, stream

_OUTCOMES = ("done", "failed", "abandoned", "open")
_DONE, _FAILED, _ABANDONED, _OPEN = range(4)
_FLOWS = ("work", "information", "communication", "data", "none")
_FLOW_SHARE = np.array([0.34, 0.29, 0.22, 0.15])
_HITCH = 0.05  # steps that are done and still went wrong on the way
_PATIENCE = 0.55  # of journeys that break, the share that we failed; the others were given up
_SHAPE = 2.0  # of the gamma distribution of a step's time
_NO_FLOW = len(_FLOWS) - 1


def journey_table(seed: int, lifecycle: Lifecycle) -> pa.Table:
    """One row per step that was begun; a journey that breaks has no further steps."""
    rng = stream(seed, "journeys", lifecycle.part)
    kind, who, month = _begun(rng, lifecycle)
    count = len(who)
    journey, step, begun, ended, outcome, flow = _walk(rng, kind, moments(rng, month))
    order = np.argsort(begun, kind="stable")
    journey, step, outcome, flow = journey[order], step[order], outcome[order], flow[order]
    begun_at, ended_at = begun[order].astype("M8[us]"), ended[order].astype("M8[us]")
    return table(
        "journey_event",
        month_index(begun_at),
        {
            "journey_id": keys("J", count, lifecycle.part).take(pa.array(journey)),
            "seq": step + 1,
            "customer_key": labelled(who[journey], lifecycle.keys),
            "journey_key": labelled(kind[journey], [journey.key for journey in JOURNEYS]),
            "step_no": step + 1,
            "department_key": labelled(_departments()[kind[journey], step], DEPARTMENTS),
            "started_at": moment(begun_at),
            "ended_at": moment(ended_at, outcome == _OPEN),
            "outcome": labelled(outcome, _OUTCOMES),
            "fault_flow": labelled(flow, _FLOWS),
        },
    )


def _walk(rng: np.random.Generator, kind: Ints, started: Times) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """The steps that are begun: journey, step from 0, begin and end (microseconds), outcome and faulty flow.

    `started` holds the begin of each journey; it is moved on from step to step.
    """
    trouble = np.array([journey.trouble for journey in JOURNEYS])[kind]
    steps = np.array([len(journey.steps) for journey in JOURNEYS])[kind]
    alive = np.arange(len(kind))
    rows: list[tuple[Ints, ...]] = []
    for number in range(max(len(journey.steps) for journey in JOURNEYS)):
        alive = alive[number < steps[alive]]
        days = _target(number)[kind[alive]] * rng.gamma(_SHAPE, 0.8 / _SHAPE, len(alive))
        ended = started[alive] + np.maximum(days * 86_400, 20).astype("m8[s]")
        breaks = rng.random(len(alive)) < trouble[alive]
        failed = rng.random(len(alive)) < _PATIENCE
        outcome = np.where(breaks, np.where(failed, _FAILED, _ABANDONED), _DONE)
        outcome = np.where(ended >= END, _OPEN, outcome)
        fault = (outcome == _FAILED) | ((outcome == _DONE) & (rng.random(len(alive)) < _HITCH))
        flow = np.searchsorted(np.cumsum(_FLOW_SHARE)[:-1], rng.random(len(alive)))
        flow = np.where(fault, flow, _NO_FLOW)
        rows.append(
            (
                alive,
                np.full(len(alive), number),
                started[alive].astype(np.int64),
                ended.astype(np.int64),
                outcome,
                flow,
            )
        )
        goes_on = outcome == _DONE
        started[alive] = ended + np.timedelta64(60, "s")
        alive = alive[goes_on & (started[alive] < END)]
    journey, step, begun, ended_at, outcome, flow = (np.concatenate(part) for part in zip(*rows, strict=True))
    return journey, step, begun, ended_at, outcome, flow


def _begun(rng: np.random.Generator, lifecycle: Lifecycle) -> tuple[Ints, Ints, Ints]:
    """Kind, customer and month of every journey, by month. New customers join; others do the rest."""
    new_month, new_who = np.nonzero((lifecycle.status == NEW).T)
    found = [(np.zeros(len(new_who), np.int64), new_who, new_month)]
    for index, journey in enumerate(JOURNEYS[1:], 1):
        who, month = happenings(rng, lifecycle, np.full((3, MONTHS), journey.rate))
        found.append((np.full(len(who), index), who, month))
    kind, who, month = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(month, kind="stable")
    return kind[order], who[order], month[order]


def _target(number: int) -> Floats:
    """Days that the step takes by plan, a journey each; 0 where it has no such step."""
    return np.array(
        [journey.steps[number].target_days if number < len(journey.steps) else 0.0 for journey in JOURNEYS]
    )


def _departments() -> Ints:
    """The department of each journey and step, an index into DEPARTMENTS."""
    longest = max(len(journey.steps) for journey in JOURNEYS)
    return np.array(
        [
            [journey.steps[min(number, len(journey.steps) - 1)].department for number in range(longest)]
            for journey in JOURNEYS
        ]
    )
