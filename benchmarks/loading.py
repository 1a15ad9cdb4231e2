"""Loading a configuration of seventy metrics over two hundred measures, against reading its YAML alone.

The processor's time of both, in turn, the least of each. What is parsed once is forgotten before each load.

    python -m benchmarks.loading [--runs 7]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from dashboard.definitions import formulas, parsing
from dashboard.definitions.load import load_catalog
from tests.definitions.test_load import large_configuration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        config = large_configuration(Path(folder))
        times = [(seconds(lambda: load(config)), seconds(lambda: read(config))) for _ in range(runs)]
    ours, floor = (min(each) for each in zip(*times, strict=True))
    print(f"loading 70 metrics over 200 measures: {1000 * ours:7.1f} ms of processor time, least of {runs}")
    print(f"reading the same YAML, in Python:     {1000 * floor:7.1f} ms")
    print(f"ratio {ours / floor:.2f}")


def load(config: Path) -> None:
    parsing.parse_aggregate.cache_clear()
    parsing.parse_condition.cache_clear()
    formulas.parse_formula.cache_clear()
    load_catalog(config, sources={"shop": ""})


def read(config: Path) -> None:
    for path in config.rglob("*.yaml"):
        yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)


def seconds(act: Callable[[], None]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


if __name__ == "__main__":
    main()
