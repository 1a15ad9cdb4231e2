"""Which slices a page offers as groups."""

from pathlib import Path

import pytest

from dashboard.board.choices import slices_of
from dashboard.definitions.load import load_catalog
from dashboard.definitions.model import Catalog

BOARD = """
organisation: Meridian
currency: EUR
locale: en_GB
time_zone: Europe/Amsterdam
minimum_group: 10
pages: [overview]
"""
DATASET = """
source: warehouse
table: {name}
event: day
dimensions: {{segment: segment, region: region, reason: reason}}
slices: {slices}
measures: {{rows: count(*)}}
"""
METRIC = """
{name}:
  name: {name}
  question: How many?
  why: It is counted.
  formula: {formula}
  unit: count
  better: neutral
  side: customer
  owner: Owner
  neighbour: {{none: It is counted.}}
"""
SLICES = {
    "orders": "[segment, region, [segment, region]]",
    "calls": "[segment, region, reason]",
    "bills": "[segment]",
    "costs": "[]",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("config")
    for name in ("datasets", "metrics", "pages"):
        (folder / name).mkdir()
    (folder / "board.yaml").write_text(BOARD)
    for name, slices in SLICES.items():
        (folder / "datasets" / f"{name}.yaml").write_text(DATASET.format(name=name, slices=slices))
    formulas = {f"all_{name}": f"{name}.rows" for name in SLICES}
    formulas["calls_per_order"] = "calls.rows / orders.rows"
    text = "".join(METRIC.format(name=name, formula=formula) for name, formula in formulas.items())
    (folder / "metrics" / "counts.yaml").write_text(text)
    (folder / "pages" / "overview.yaml").write_text("question: How many?\npanels:\n  - trend: all_orders\n")
    return load_catalog(folder, sources={"warehouse": "Data office"})


@pytest.mark.parametrize(
    ("metrics", "offered"),
    [
        (["all_costs"], ()),
        (["all_bills", "all_costs"], (("segment",),)),
        (["all_calls"], (("reason",), ("region",), ("segment",))),
        # Both can be cut by segment and region, and one of two by the rest.
        (
            ["all_orders", "all_calls"],
            (("reason",), ("region",), ("segment",), ("segment", "region")),
        ),
        # Four can be cut by segment, three by region; one by reason, which would leave the page empty.
        (["all_orders", "all_calls", "all_bills", "calls_per_order"], (("region",), ("segment",))),
    ],
)
def test_a_page_offers_what_most_of_it_can_be_cut_by(
    catalog: Catalog, metrics: list[str], offered: tuple[tuple[str, ...], ...]
) -> None:
    assert slices_of(catalog, [catalog.metric(name) for name in metrics]) == offered
