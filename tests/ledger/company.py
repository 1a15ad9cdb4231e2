"""A small configuration, loaded as a real one is, and metrics made from a line of formula."""

from dataclasses import replace
from functools import reduce
from pathlib import Path

from dashboard.definitions.formulas import parse_formula
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog, Metric, Side
from dashboard.units import Unit

FILES = {
    "board.yaml": """
organisation: Corner Shop
currency: EUR
locale: en_GB
time_zone: Europe/Amsterdam
fiscal_year_start: 4
minimum_group: 10
discount_rate: 0.1
pages: []
""",
    "sources/shop.yaml": "url: sqlite:///shop.db\n",
    "sources/books.yaml": "url: sqlite:///books.db\n",
    "datasets/survey.yaml": """
source: shop
table: survey
event: answered_at
dimensions: {segment: segment, region: region}
slices: [segment, region, [segment, region]]
measures:
  answers: count(*)
  promoters: count(*) filter (where score >= 9)
  detractors: count(*) filter (where score <= 6)
  score: avg(score)
  middle: median(score)
  customers: count(distinct customer_id)
""",
    "datasets/accounts.yaml": """
source: books
table: accounts
event: {at: month, covers: month}
dimensions: {segment: segment}
slices: [segment]
measures:
  revenue: sum(amount)
  cost: sum(cost)
""",
    "datasets/plan.yaml": """
source: books
table: plan
event: {at: month, covers: quarter}
measures:
  revenue: sum(amount)
""",
    "datasets/regions.yaml": "source: shop\ntable: regions\nkey: region\n",
    "metrics/all.yaml": """
nps:
  name: Net Promoter Score
  question: Would they recommend us?
  why: They stay.
  formula: 100 * (survey.promoters - survey.detractors) / survey.answers
  unit: points
  better: higher
  side: customer
  interval: nps
  base: survey.answers
  owner: Ann
  neighbour: {none: this is a test}
  target: {none: this is a test}
revenue:
  name: Revenue
  question: What do we earn?
  why: It pays.
  formula: accounts.revenue
  unit: currency
  better: higher
  side: financial
  interval: none
  owner: Ann
  neighbour: {none: this is a test}
  target: {none: this is a test}
""",
}


def write_company(folder: Path, **changes: str) -> Path:
    """The files, with texts replaced: write_company(folder, median="max")."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            reduce(lambda done, change: done.replace(*change), changes.items(), text), encoding="utf-8"
        )
    return folder


def load_company(folder: Path, **changes: str) -> Catalog:
    return load_catalog(write_company(folder, **changes), sources={"shop": "", "books": ""})


def metric(
    catalog: Catalog,
    formula: str,
    *,
    base: str | None = None,
    side: Side = Side.FINANCIAL,
    unit: Unit = Unit.RATIO,
) -> Metric:
    """A metric with this formula."""
    return replace(
        catalog.metric("revenue"),
        id="probe",
        formula=parse_formula(formula),
        base=parse_formula(base) if base else None,
        side=side,
        unit=unit,
    )
