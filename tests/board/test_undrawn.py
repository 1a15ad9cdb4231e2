"""A figure of whole quarters says why it has no line."""

from pathlib import Path

from dashboard.board.undrawn import undrawn_lines
from dashboard.deployment import load
from tests.board.practices import CONFIGURATION


def test_what_is_of_quarters_says_that_it_has_no_months(tmp_path: Path) -> None:
    environ = {"EXPORTS_DIR": str(tmp_path), "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    catalog = load(CONFIGURATION, environ).catalog
    assert undrawn_lines(catalog, catalog.metric("retention_after_a_year")) == (
        "its data are of whole quarters: there are no months to draw or to judge",
    )
    assert undrawn_lines(catalog, catalog.metric("trust")) == ()
