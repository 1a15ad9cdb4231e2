"""The whole analysis of a company: 70 metrics, 60 months and 10 members in all. Goal: under 3 seconds.

Limits, signals and the months to come against a target for each series of each member, an interval for each
of their figures, what is kept back of each metric over months and quarters (a group in ten is small), and the
evidence for 40 beliefs, judged together. It is the processor's time, which hardly minds what else the machine
does.

    python -m benchmarks.analysis_evidence
"""

import time
from collections import Counter

import numpy as np

from dashboard.analysis.capability import target_capability
from dashboard.analysis.evidence import Belief, judge, judge_together
from dashboard.analysis.process_behaviour import process_behaviour
from dashboard.analysis.proportions import wilson
from dashboard.analysis.suppression import linked_lines
from dashboard.analysis.suppression_in_time import blocks

METRICS, MONTHS, MEMBERS, BELIEFS = 70, 60, 10, 40
LEAST = 10
GOAL = 3.0


def main() -> None:
    random = np.random.default_rng(1)
    counts = random.integers(50, 400, size=(METRICS * MEMBERS, MONTHS)).tolist()
    series = (50 + np.cumsum(random.normal(size=(2 * BELIEFS, MONTHS)), axis=1)).tolist()
    judge(Belief("warm", "up", "plus", (1, 2)), series[0], series[1])

    seconds = {}
    began = time.process_time()
    for values in counts:
        target_capability(process_behaviour(values), 200, "higher")
    seconds["limits and signals"] = time.process_time() - began

    began = time.process_time()
    for values in counts:
        for n in values:
            wilson(n // 3, n)
    seconds["intervals"] = time.process_time() - began

    began = time.process_time()
    kept_back = sum(len(_kept_back(small)) for small in _sizes(random))
    seconds["small groups"] = time.process_time() - began

    began = time.process_time()
    belief = Belief("customer", "financial", "plus", (6, 12))
    found = judge_together(
        [
            judge(belief, customer, financial, cycle=12)
            for customer, financial in zip(series[::2], series[1::2], strict=True)
        ]
    )
    seconds["evidence"] = time.process_time() - began

    for part, spent in seconds.items():
        print(f"{part:20} {spent:6.2f} s")
    print(f"{'all':20} {sum(seconds.values()):6.2f} s, goal {GOAL:.2f} s")
    print(f"{kept_back} of {METRICS * MEMBERS} groups kept back in some months")
    print(dict(Counter(evidence.verdict.value for evidence in found)))
    assert sum(seconds.values()) <= GOAL


def _sizes(random: np.random.Generator) -> np.ndarray:
    """How many each member has in each month, of each metric; one member in ten has few."""
    usual = random.integers(50, 400, size=(METRICS, MONTHS, MEMBERS))
    usual[:, :, 0] = random.integers(0, 2 * LEAST, size=(METRICS, MONTHS))
    return usual


def _kept_back(sizes: np.ndarray) -> dict[int, object]:
    """What is kept back of one metric: the total and its members, over every month and quarter."""
    cells = [((), ()), *((("segment",), (str(member),)) for member in range(MEMBERS))]
    spans = [(month, month + 1) for month in range(MONTHS)]
    spans += [(month, month + 3) for month in range(0, MONTHS, 3)]
    counts = {}
    for start, end in spans:
        members = sizes[start:end].sum(axis=0).tolist()
        counts[start, end] = [sum(members), *members]
    return dict(blocks(counts, linked_lines(cells), LEAST))


if __name__ == "__main__":
    main()
