"""What a figure can be at all: read from the shape of its formula and from what its measures count."""

import math
import shutil
from pathlib import Path

import pytest

from dashboard.definitions.bounds import natural_bounds
from dashboard.definitions.load import load_catalog

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "pair"
MEASURES = """
  happy: count(*) filter (where score >= 9 and segment = 'Consumer')
  consumers: count(*) filter (where segment = 'Consumer')
  points: sum(score)
  high_points: sum(score) filter (where score >= 9)
  mean: avg(score)
"""
METRIC = """
judged:
  name: Judged
  question: How many?
  why: A test.
  formula: {formula}
  unit: ratio
  better: higher
  side: customer
  interval: none
  owner: Ann
  target: {{none: a test}}
  neighbour: {{none: a test}}
"""
ANYTHING = (-math.inf, math.inf)
NOT_NEGATIVE = (0, math.inf)


@pytest.mark.parametrize(
    ("formula", "bounds"),
    [
        ("survey.promoters / survey.responses", (0, 1)),
        ("survey.happy / survey.consumers", (0, 1)),
        ("survey.high_points / survey.points", (0, 1)),
        ("1 - survey.promoters / survey.responses", (0, 1)),
        ("10 * (survey.promoters / survey.responses)", (0, 10)),
        ("year_ago(survey.promoters / survey.responses)", (0, 1)),
        ("case when survey.responses > 9 then survey.happy / survey.consumers end", (0, 1)),
        (
            "case when survey.responses > 9 then survey.happy / survey.consumers else survey.responses end",
            NOT_NEGATIVE,
        ),
        ("survey.happy / survey.promoters", (0, 1)),
        ("survey.happy / survey.detractors", NOT_NEGATIVE),
        ("survey.responses / survey.promoters", NOT_NEGATIVE),
        ("1000 * survey.detractors / survey.responses", NOT_NEGATIVE),
        ("survey.responses", NOT_NEGATIVE),
        ("survey.promoters - survey.detractors", ANYTHING),
        ("survey.responses / year_ago(survey.responses) - 1", (-1, math.inf)),
        ("survey.points", ANYTHING),
        ("survey.mean", ANYTHING),
        ("survey.high_points / survey.responses", ANYTHING),
        ("finance.revenue / survey.responses", ANYTHING),
    ],
)
def test_bounds_follow_from_the_formula(tmp_path: Path, formula: str, bounds: tuple[float, float]) -> None:
    config = shutil.copytree(CONFIGURATION, tmp_path / "config")
    survey = config / "datasets" / "survey.yaml"
    survey.write_text(survey.read_text().replace("\nfreshness", f"{MEASURES.rstrip()}\nfreshness"))
    (config / "metrics" / "judged.yaml").write_text(METRIC.format(formula=formula))
    found = load_catalog(config, sources={"warehouse": ""})
    assert natural_bounds(found, found.metric("judged")) == bounds
