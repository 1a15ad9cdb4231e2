"""docs/derivations.md names every key and line, its example loads, and its worked example is right."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from dashboard.definitions.derivation_entries import RULES
from dashboard.definitions.derived_measures import lines
from dashboard.definitions.messages import fields_of
from tests.derivations.building import INVOICES, by_place, company, derived
from tests.engines import Database

TEXT = (Path(__file__).parents[2] / "docs" / "derivations.md").read_text(encoding="utf-8")
SHARED = ("dataset", "entity", "value", "where", "slices")


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", RULES)
def test_every_key_is_documented(kind: str) -> None:
    told = section(kind) + TEXT.partition("Keys that several have:")[2].partition("\n## ")[0]
    for key in fields_of(RULES[kind]):
        assert f"`{key}`" in told, key


def test_the_example_loads_and_has_every_kind() -> None:
    example = yaml.safe_load(TEXT.partition("```yaml\n")[2].partition("```")[0])
    dataset = {"event": "at", "entity": "customer_id", "dimensions": {"acquisition_source": "source"}}
    catalog = company(example, dict.fromkeys(("invoices", "complaints", "purchases"), dataset))
    kinds = [type(each.rule).__name__.lower() for each in catalog.derivations.values()]
    assert kinds == list(RULES)


def test_every_line_of_a_bridge_is_documented() -> None:
    rule = company({"b": {"bridge": {"dataset": "invoices", "value": "sum(amount)", "over": "1 month"}}})
    bridge = rule.derivations["b"].rule
    found = re.findall(r"^\| `(\w+)` \| .* \| .* \|$", section("bridge"), flags=re.MULTILINE)
    assert found == list(lines(bridge, sliced=True))  # type: ignore[arg-type]


def test_the_worked_example_is_right(duckdb_database: Database) -> None:
    """The revenue of A, B, C and D; Reichheld's earned growth counts those who were not bought."""
    paid = [("A", 1, 100), ("B", 1, 100), ("C", 1, 100), ("A", 2, 130), ("B", 2, 60), ("D", 2, 50)]
    duckdb_database.fill(
        INVOICES,
        [
            {
                "day": date(2025, month, 3),
                "customer": customer,
                "amount": float(amount),
                "segment": "home",
                "origin": "earned",
            }
            for customer, month, amount in paid
        ],
    )
    split = {"dimension": "origin", "members": ["earned"]}
    rule = {"dataset": "invoices", "value": "sum(amount)", "over": "1 month", "split_new_by": split}
    found = by_place(derived(duckdb_database, company({"b": {"bridge": rule}}), "b"))
    told = {
        name: found[name, (), (), date(2025, 2, 1)][0] or 0.0
        for name in ("opening", "lost", "contracted", "expanded", "new_earned", "closing")
    }
    assert list(told.values()) == [300, 100, 40, 30, 50, 240]
    kept = told["opening"] - told["lost"] - told["contracted"]
    assert f"{(kept + told['expanded']) / told['opening']:.1%}" == "63.3%"
    assert f"{kept / told['opening']:.1%}" == "53.3%"
    assert (kept + told["expanded"] + told["new_earned"]) / told["opening"] - 1 == pytest.approx(-0.2)
