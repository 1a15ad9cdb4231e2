"""The whole analysis of a company: 70 metrics, 60 months and 10 members in all. Goal: under 3 seconds.

Limits and signals for each series of each member, an interval for each of their figures, and the evidence for
40 beliefs, judged together.

    python -m benchmarks.analysis_evidence
"""

import time
from collections import Counter

import numpy as np

from dashboard.analysis.evidence import Belief, judge, judge_together
from dashboard.analysis.process_behaviour import process_behaviour
from dashboard.analysis.proportions import wilson

METRICS, MONTHS, MEMBERS, BELIEFS = 70, 60, 10, 40
GOAL = 3.0


def main() -> None:
    random = np.random.default_rng(1)
    counts = random.integers(50, 400, size=(METRICS * MEMBERS, MONTHS)).tolist()
    series = (50 + np.cumsum(random.normal(size=(2 * BELIEFS, MONTHS)), axis=1)).tolist()
    judge(Belief("warm", "up", "plus", (1, 2)), series[0], series[1])

    seconds = {}
    began = time.perf_counter()
    for values in counts:
        process_behaviour(values)
    seconds["limits and signals"] = time.perf_counter() - began

    began = time.perf_counter()
    for values in counts:
        for n in values:
            wilson(n // 3, n)
    seconds["intervals"] = time.perf_counter() - began

    began = time.perf_counter()
    belief = Belief("customer", "financial", "plus", (6, 12))
    found = judge_together(
        [
            judge(belief, customer, financial, cycle=12)
            for customer, financial in zip(series[::2], series[1::2], strict=True)
        ]
    )
    seconds["evidence"] = time.perf_counter() - began

    for part, spent in seconds.items():
        print(f"{part:20} {spent:6.2f} s")
    print(f"{'all':20} {sum(seconds.values()):6.2f} s, goal {GOAL:.2f} s")
    print(dict(Counter(evidence.verdict.value for evidence in found)))
    assert sum(seconds.values()) <= GOAL


if __name__ == "__main__":
    main()
