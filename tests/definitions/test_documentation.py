"""docs/configuration.md names every key and function, and everything it writes as a measure can be read."""

import re
from pathlib import Path

import pytest

from dashboard.definitions import formulas, parsing
from dashboard.definitions.annotations import AnnotationEntry
from dashboard.definitions.board_entries import BoardEntry, RulesEntry
from dashboard.definitions.effect_entries import EffectEntry
from dashboard.definitions.entries import DatasetEntry, Entry, MetricEntry
from dashboard.definitions.panel_entries import PageEntry
from dashboard.definitions.parsing import parse_aggregate, parse_condition

TEXT = (Path(__file__).parent.parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("title", "entry"),
    [
        ("board.yaml", BoardEntry),
        ("datasets/", DatasetEntry),
        ("metrics/", MetricEntry),
        ("annotations.yaml", AnnotationEntry),
        ("pages/", PageEntry),
        ("Effects of initiatives", EffectEntry),
    ],
)
def test_every_key_is_documented_and_no_other(title: str, entry: type[Entry]) -> None:
    keys = re.findall(r"^\| `(\w+)` \|", section(title), flags=re.MULTILINE)
    assert keys == list(entry.model_fields)


def test_keys_of_mappings_are_documented() -> None:
    for key in RulesEntry.model_fields:
        assert f"`{key}`" in section("board.yaml")


def test_every_function_is_documented() -> None:
    for name in (*parsing.FUNCTIONS, *parsing.AGGREGATES):
        assert re.search(rf"\b{name}\(", section("datasets/")), name
    for name in formulas.FUNCTIONS:
        assert f"`{name}`" in section("metrics/"), name
    for name in (*formulas.TIME_FUNCTIONS, *formulas.SCENARIO_FUNCTIONS):
        assert f"`{name}(x" in section("metrics/"), name
    for unit in parsing.DATE_UNITS:
        assert f"`{unit}`" in section("datasets/"), unit


def test_what_is_written_can_be_read() -> None:
    written = section("datasets/").partition("### Measures")[2]
    aggregates = re.findall(r"`((?:count|sum|avg|min|max|median|percentile|only)\(.*?\))`", written)
    assert len(set(aggregates)) == 10
    for text in aggregates:
        parse_aggregate(text)
    for text in re.findall(r"`((?:between|in|like|is) [^`]*)`", written):
        parse_condition(f"score {text}")
    for text in re.findall(r"`((?:case|datediff|coalesce|nullif|abs|round|lower)\b[^`]*)`", written):
        parse_aggregate(f"count({text})")
