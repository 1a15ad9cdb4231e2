"""Why a figure has no line: its data are of whole quarters or years, and only months are drawn and judged."""

from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Metric
from dashboard.periods import Grain

LONGER = (Grain.QUARTER, Grain.YEAR)


def undrawn_lines(catalog: Catalog, metric: Metric) -> tuple[str, ...]:
    """The small print of such a figure; empty of one that has months."""
    covered = {catalog.origin(name).covers for name in datasets_of(catalog, metric)}
    found = [grain for grain in LONGER if grain in covered]
    if not found:
        return ()
    return (f"its data are of whole {found[-1].value}s: there are no months to draw or to judge",)
