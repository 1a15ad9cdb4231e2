"""docs/kpi-dictionary.md is as the configuration is."""

from pathlib import Path

from docs.kpi_dictionary import company_catalog, kpi_dictionary

PAGE = Path(__file__).parents[2] / "docs" / "kpi-dictionary.md"


def test_the_dictionary_is_as_the_configuration() -> None:
    catalog = company_catalog()
    text = PAGE.read_text(encoding="utf-8")
    assert text == kpi_dictionary(catalog), "Write it anew: make docs"
    for metric in catalog.metrics.values():
        assert f"### {metric.name}\n\n`{metric.id}` in {metric.file}\n" in text
